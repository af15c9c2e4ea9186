#include "identify/component.h"

#include "base/effort.h"

/* A longer version identifies nothing, and half of it something else: it stays out of names that are looked up. */
enum { VERSION_MAX = 256 };

static struct span usable_version(struct span version)
{
	return version.size > VERSION_MAX ? SPAN_NONE : version;
}

static bool is_letter_or_digit(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Bytes escaped for the vocabulary: '%' as in a URL, '\\' as in a CPE. */
static struct span escaped(struct arena *arena, struct span text, char escape)
{
	struct span out = SPAN_LITERAL("");
	for (size_t i = 0; i < text.size && i < 256; i++) {
		uint8_t byte = span_byte(text, i);
		bool plain = is_letter_or_digit(byte) || byte == '.' || byte == '-' || byte == '_' ||
			     (escape == '%' && (byte == '~' || byte == ':'));
		if (plain)
			out = arena_format(arena, "%.*s%c", SPAN_FORMAT(out), byte);
		else if (escape == '%')
			out = arena_format(arena, "%.*s%%%02X", SPAN_FORMAT(out), byte);
		else if (byte > 0x20 && byte < 0x7f)
			out = arena_format(arena, "%.*s\\%c", SPAN_FORMAT(out), byte);
	}
	return out;
}

/* The next number of a version; false where there is none. */
static bool next_number(struct span *rest, uint64_t *out)
{
	size_t start = 0, size = 0;
	while (start < rest->size && effort_at(start) && (span_byte(*rest, start) < '0' || span_byte(*rest, start) > '9'))
		start++;
	struct span digits = span_from(*rest, start);
	while (size < digits.size && effort_at(size) && span_byte(digits, size) >= '0' && span_byte(digits, size) <= '9')
		size++;
	*rest = span_from(digits, size);
	return span_to_number(span_slice(digits, 0, size), UINT64_MAX, out);
}

/* By its numbers alone, which is enough for a change of licence. */
static bool is_before(struct span version, struct span bound)
{
	for (;;) {
		uint64_t one = 0, other = 0;
		bool any = next_number(&version, &one), more = next_number(&bound, &other);
		if (one != other)
			return one < other;
		if (!any || !more)
			return false;
	}
}

struct span component_licence(const struct recogniser *recogniser, struct span version)
{
	if (recogniser->licence_before_count > 0 && version.size == 0)
		return SPAN_NONE;
	for (size_t i = 0; i < recogniser->licence_before_count; i++) {
		struct span licence = recogniser->licences_before[i], bound;
		if (!span_next_word(&licence, &bound) || !is_before(version, bound))
			continue;
		licence = span_trim(licence);
		return span_equal_text(licence, "-") ? SPAN_NONE : licence;
	}
	return recogniser->licence;
}

struct span component_purl(struct arena *arena, struct span form, struct span version)
{
	size_t mark = span_find_text(form, "@{version}", 0);
	if (mark == SPAN_NOT_FOUND)
		return form;
	struct span name = span_slice(form, 0, mark);
	version = usable_version(version);
	if (version.size == 0)
		return name;
	return arena_format(arena, "%.*s@%.*s", SPAN_FORMAT(name), SPAN_FORMAT(escaped(arena, version, '%')));
}

/* "3:1.2-1": the epoch of rpm is a qualifier, and no part of the version. */
static struct span take_epoch(struct span *version)
{
	size_t colon = span_find_byte(*version, ':', 0);
	if (colon == SPAN_NOT_FOUND)
		return SPAN_NONE;
	struct span epoch = span_slice(*version, 0, colon);
	*version = span_from(*version, colon + 1);
	return epoch;
}

struct span component_package_purl(struct arena *arena, const struct package_name *package)
{
	static const struct {
		const char *manager, *type, *family; /* family: the distribution where none is named */
	} types[] = { { "dpkg", "deb", "debian" }, { "apk", "apk", "alpine" }, { "rpm", "rpm", "" }, { "", "generic", "" } };
	const char *type = "opkg";
	struct span family = SPAN_NONE, version = usable_version(package->version), epoch = SPAN_NONE;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (span_equal_text(package->manager, types[i].manager)) {
			type = types[i].type;
			family = package->distribution.size ? package->distribution : span_of_text(types[i].family);
		}
	if (span_equal_text(package->manager, "rpm"))
		epoch = take_epoch(&version);
	struct span purl = arena_format(arena, "pkg:%s/%.*s%s%.*s%s%.*s", type, SPAN_FORMAT(escaped(arena, family, '%')),
					family.size ? "/" : "", SPAN_FORMAT(escaped(arena, package->name, '%')),
					version.size ? "@" : "", SPAN_FORMAT(escaped(arena, version, '%')));
	if (package->architecture.size > 0)
		purl = arena_format(arena, "%.*s?arch=%.*s", SPAN_FORMAT(purl),
				    SPAN_FORMAT(escaped(arena, package->architecture, '%')));
	if (epoch.size > 0 && !span_equal_text(epoch, "0"))
		purl = arena_format(arena, "%.*s%cepoch=%.*s", SPAN_FORMAT(purl),
				    package->architecture.size ? '&' : '?', SPAN_FORMAT(escaped(arena, epoch, '%')));
	return purl;
}

/* Index where a patch level or candidate starts behind digits; the size where there is none. */
static size_t update_at(struct span version)
{
	static const char *const words[] = { "p", "rc", "-rc", "beta", "-beta", "_rc" };
	for (size_t i = 1; i < version.size && effort_at(i); i++) {
		struct span rest = span_from(version, i);
		if (span_byte(version, i - 1) < '0' || span_byte(version, i - 1) > '9')
			continue;
		for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
			size_t after = span_of_text(words[k]).size;
			if (span_starts_text(rest, words[k]) && span_byte(rest, after) >= '0' &&
			    span_byte(rest, after) <= '9')
				return i;
		}
	}
	return version.size;
}

struct span component_cpe(struct arena *arena, struct span product, struct span version)
{
	version = usable_version(version);
	size_t split = update_at(version);
	struct span number = span_slice(version, 0, split), update = span_from(version, split);
	if (span_byte(update, 0) == '-' || span_byte(update, 0) == '_')
		update = span_from(update, 1);
	number = number.size > 0 ? escaped(arena, number, '\\') : SPAN_LITERAL("*");
	update = update.size > 0 ? escaped(arena, update, '\\') : SPAN_LITERAL("*");
	return arena_format(arena, "cpe:2.3:%.*s:%.*s:%.*s:*:*:*:*:*:*", SPAN_FORMAT(product), SPAN_FORMAT(number),
			    SPAN_FORMAT(update));
}

/* What a package declares is its text, and may be anything. */
static bool is_graphic(struct span text)
{
	for (size_t i = 0; i < text.size && effort_at(i); i++)
		if (span_byte(text, i) <= 0x20 || span_byte(text, i) >= 0x7f)
			return false;
	return text.size > 0 && text.size <= VERSION_MAX;
}

struct span component_declared_cpe(struct arena *arena, struct span declared, struct span version)
{
	struct span rest = SPAN_NONE, part, vendor, product;
	if (span_starts_text(declared, "cpe:/"))
		rest = span_from(declared, 5);
	else if (span_starts_text(declared, "cpe:2.3:"))
		rest = span_from(declared, 8);
	if (!span_next_field(&rest, ':', &part) || !span_next_field(&rest, ':', &vendor) ||
	    !span_next_field(&rest, ':', &product) || part.size != 1 || !is_graphic(part) || !is_graphic(vendor) ||
	    !is_graphic(product))
		return SPAN_NONE;
	struct span name = arena_format(arena, "%.*s:%.*s:%.*s", SPAN_FORMAT(part), SPAN_FORMAT(vendor),
					SPAN_FORMAT(product));
	return component_cpe(arena, name, version);
}
