#include "identify/component.h"


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
		if (is_letter_or_digit(byte) || byte == '.' || byte == '-' || byte == '_' || (escape == '%' && byte == '~'))
			out = arena_format(arena, "%.*s%c", SPAN_FORMAT(out), byte);
		else if (escape == '%')
			out = arena_format(arena, "%.*s%%%02X", SPAN_FORMAT(out), byte);
		else if (byte > 0x20 && byte < 0x7f)
			out = arena_format(arena, "%.*s\\%c", SPAN_FORMAT(out), byte);
	}
	return out;
}

struct span component_purl(struct arena *arena, struct span form, struct span version)
{
	size_t mark = span_find_text(form, "@{version}", 0);
	if (mark == SPAN_NOT_FOUND)
		return form;
	struct span name = span_slice(form, 0, mark);
	if (version.size == 0)
		return name;
	return arena_format(arena, "%.*s@%.*s", SPAN_FORMAT(name), SPAN_FORMAT(escaped(arena, version, '%')));
}

struct span component_package_purl(struct arena *arena, struct span manager, struct span name, struct span version,
				   struct span architecture)
{
	const char *type = span_equal_text(manager, "dpkg")  ? "deb/debian"
			   : span_equal_text(manager, "apk") ? "apk/alpine"
			   : span_equal_text(manager, "rpm") ? "rpm"
							     : "opkg";
	struct span purl = arena_format(arena, "pkg:%s/%.*s@%.*s", type, SPAN_FORMAT(escaped(arena, name, '%')),
					SPAN_FORMAT(escaped(arena, version, '%')));
	if (architecture.size > 0)
		purl = arena_format(arena, "%.*s?arch=%.*s", SPAN_FORMAT(purl),
				    SPAN_FORMAT(escaped(arena, architecture, '%')));
	return purl;
}

/* Index where a patch level or candidate starts behind digits; the size where there is none. */
static size_t update_at(struct span version)
{
	static const char *const words[] = { "p", "rc", "-rc", "beta", "-beta", "_rc" };
	for (size_t i = 1; i < version.size; i++) {
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
	size_t split = update_at(version);
	struct span number = span_slice(version, 0, split), update = span_from(version, split);
	if (span_byte(update, 0) == '-' || span_byte(update, 0) == '_')
		update = span_from(update, 1);
	number = number.size > 0 ? escaped(arena, number, '\\') : SPAN_LITERAL("*");
	update = update.size > 0 ? escaped(arena, update, '\\') : SPAN_LITERAL("*");
	return arena_format(arena, "cpe:2.3:%.*s:%.*s:%.*s:*:*:*:*:*:*", SPAN_FORMAT(product), SPAN_FORMAT(number),
			    SPAN_FORMAT(update));
}

struct span component_declared_cpe(struct arena *arena, struct span declared, struct span version)
{
	struct span rest = SPAN_NONE, part, vendor, product;
	if (span_starts_text(declared, "cpe:/"))
		rest = span_from(declared, 5);
	else if (span_starts_text(declared, "cpe:2.3:"))
		rest = span_from(declared, 8);
	if (!span_next_field(&rest, ':', &part) || !span_next_field(&rest, ':', &vendor) ||
	    !span_next_field(&rest, ':', &product) || part.size != 1)
		return SPAN_NONE;
	struct span name = arena_format(arena, "%.*s:%.*s:%.*s", SPAN_FORMAT(part), SPAN_FORMAT(vendor),
					SPAN_FORMAT(product));
	return component_cpe(arena, name, version);
}
