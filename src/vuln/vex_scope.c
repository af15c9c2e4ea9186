#include "vuln/vex_scope.h"

#include <ctype.h>

#include "vuln/cpe.h"
#include "vuln/version.h"
#include "vuln/version_set.h"

enum { PLAIN_MAX = 4096 };

/* Without percent-encoding. */
static struct span decode(struct arena *arena, struct span text)
{
	uint8_t *bytes = ARENA_NEW(arena, uint8_t, text.size + 1);
	size_t length = 0;
	if (!bytes)
		return SPAN_NONE;
	for (size_t i = 0; i < text.size; i++) {
		int high = hex_digit(span_byte(text, i + 1)), low = hex_digit(span_byte(text, i + 2));
		bool encoded = span_byte(text, i) == '%' && i + 2 < text.size && high >= 0 && low >= 0;
		bytes[length++] = encoded ? (uint8_t)(high * 16 + low) : span_byte(text, i);
		i += encoded ? 2 : 0;
	}
	return span_of(bytes, length);
}

/* Cuts what stands behind the last such byte off, and gives it. */
static struct span cut_last(struct span *text, uint8_t separator)
{
	for (size_t i = text->size; i-- > 0;) {
		if (span_byte(*text, i) != separator)
			continue;
		struct span behind = span_from(*text, i + 1);
		*text = span_slice(*text, 0, i);
		return behind;
	}
	return SPAN_NONE;
}

static void read_qualifiers(struct arena *arena, struct span text, struct purl *out)
{
	struct span one;
	while (span_next_field(&text, '&', &one)) {
		if (span_starts_text(one, "vers="))
			out->range = decode(arena, span_from(one, 5));
		struct span sum = span_starts_text(one, "checksum=") ? decode(arena, span_from(one, 9)) : SPAN_NONE;
		size_t found = span_find_text(sum, "sha256:", 0);
		if (found != SPAN_NOT_FOUND)
			out->checksum = span_slice(sum, found + 7, 64);
	}
}

bool purl_parse(struct arena *arena, struct span text, struct purl *out)
{
	*out = (struct purl){ 0 };
	if (!span_starts_text(text, "pkg:"))
		return false;
	text = span_from(text, 4);
	while (span_byte(text, 0) == '/')
		text = span_from(text, 1);
	out->part = decode(arena, cut_last(&text, '#'));
	read_qualifiers(arena, cut_last(&text, '?'), out);
	out->version = decode(arena, cut_last(&text, '@'));
	size_t slash = span_find_byte(text, '/', 0);
	if (slash == SPAN_NOT_FOUND)
		return false;
	out->type = span_slice(text, 0, slash);
	text = span_from(text, slash + 1);
	struct span name = cut_last(&text, '/');
	out->name = decode(arena, name.size > 0 ? name : text);
	out->space = name.size > 0 ? decode(arena, text) : SPAN_NONE;
	return out->name.size > 0;
}

/* Alike but for case, and '-' and '_' for blanks. */
static bool alike(struct span a, struct span b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++) {
		int left = tolower(span_byte(a, i)), right = tolower(span_byte(b, i));
		left = left == '_' || left == ' ' ? '-' : left;
		right = right == '_' || right == ' ' ? '-' : right;
		if (left != right)
			return false;
	}
	return true;
}

bool vex_fits_version(struct span version, const struct vex_component *component)
{
	if (version.size == 0 || span_equal(version, component->version) || span_equal(version, component->package_version))
		return true;
	if (version_set_holds(component->order, version, component->version))
		return true;
	return component->package_version.size > 0 && version_set_holds(ORDER_DEBIAN, version, component->package_version);
}

/* Packages of these types are builds of their own, with patches that the version does not tell. */
static bool is_of_distribution(struct span type)
{
	static const char *const types[] = { "deb", "rpm", "apk", "opkg", "ipk", "alpm", "ebuild", "alpine" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (alike(type, span_of_text(types[i])))
			return true;
	return false;
}

/* "pkg:generic/acme/busybox" is somebody's own; "pkg:generic/openssl/openssl" is not. */
static bool is_owner(struct span space, const struct purl *own, const struct vex_component *component)
{
	struct cpe cpe;
	return space.size == 0 || alike(space, component->name) || alike(space, own->name) || alike(space, own->space) ||
	       (cpe_parse(component->cpe, &cpe) && alike(space, cpe.vendor));
}

/* Both have the same type, or one of them says none. */
static bool same_package(const struct purl *named, const struct purl *own, const struct vex_component *component)
{
	bool generic = alike(named->type, SPAN_LITERAL("generic"));
	if (generic || alike(own->type, SPAN_LITERAL("generic")))
		return (alike(named->name, component->name) || alike(named->name, own->name)) &&
		       !is_of_distribution(named->type) && (!generic || is_owner(named->space, own, component));
	return alike(named->type, own->type) && alike(named->name, own->name) &&
	       (named->space.size == 0 || own->space.size == 0 || alike(named->space, own->space));
}

static enum scope_fit fits_purl(struct arena *arena, const struct purl *named, const struct vex_component *component)
{
	struct purl own;
	if (!purl_parse(arena, component->purl, &own))
		own = (struct purl){ .type = SPAN_LITERAL("generic"), .name = component->name };
	if (!same_package(named, &own, component))
		return SCOPE_OTHER;
	return vex_fits_version(named->version, component) && vex_fits_version(named->range, component) ? SCOPE_FITS
													: SCOPE_VERSION;
}

/* "cpe:/o:vendor:product:1.0" (CPE 2.2) is read as its form in 2.3; its escapes are left. */
static bool read_cpe(struct arena *arena, struct span text, struct cpe *out)
{
	if (!span_starts_text(text, "cpe:/"))
		return cpe_parse(text, out);
	struct span fields[4] = { 0 }, rest = span_from(text, 5);
	for (size_t i = 0; i < 4 && span_next_field(&rest, ':', &fields[i]); i++)
		;
	return cpe_parse(arena_format(arena, "cpe:2.3:%.*s:%.*s:%.*s:%.*s:*:*:*:*:*:*:*", SPAN_FORMAT(fields[0]),
				      SPAN_FORMAT(fields[1]), SPAN_FORMAT(fields[2]),
				      SPAN_FORMAT(fields[3].size > 0 ? fields[3] : SPAN_LITERAL("*"))), out);
}

static enum scope_fit fits_cpe(const struct cpe *named, const struct vex_component *component)
{
	struct cpe own;
	struct buffer left, right;
	bool same = cpe_parse(component->cpe, &own);
	buffer_init(&left, PLAIN_MAX, NULL);
	buffer_init(&right, PLAIN_MAX, NULL);
	same = same && cpe_product(&left, named) == DONE && cpe_product(&right, &own) == DONE &&
	       span_equal(buffer_span(&left), buffer_span(&right));
	bool versioned = same && !cpe_is_open(named->version) && cpe_version(&left, named) == DONE;
	bool fits = !versioned || vex_fits_version(buffer_span(&left), component);
	buffer_done(&left);
	buffer_done(&right);
	return !same ? SCOPE_OTHER : fits ? SCOPE_FITS : SCOPE_VERSION;
}

enum scope_fit vex_fits_component(struct arena *arena, struct span named, const struct vex_component *component)
{
	struct purl purl;
	struct cpe cpe;
	if (named.size == 0)
		return SCOPE_FITS;
	if (purl_parse(arena, named, &purl))
		return fits_purl(arena, &purl, component);
	if (read_cpe(arena, named, &cpe))
		return fits_cpe(&cpe, component);
	return alike(named, component->name) ? SCOPE_FITS : SCOPE_OTHER;
}

/* "Example Camera 1" is what a maker may write with his own name before it, and the version behind. */
static bool is_called(struct arena *arena, struct span named, const struct vex_product *product)
{
	for (size_t i = 0; i < product->name_count; i++) {
		struct span name = product->names[i];
		if (name.size == 0)
			continue;
		struct span longer = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(product->vendor), SPAN_FORMAT(name));
		struct span whole = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(name), SPAN_FORMAT(product->version));
		struct span longest = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(longer), SPAN_FORMAT(product->version));
		if (alike(named, name) || alike(named, longer) || alike(named, whole) || alike(named, longest))
			return true;
	}
	return false;
}

static bool has_digest(const struct vex_product *product, struct span digest)
{
	for (size_t i = 0; i < product->digest_count; i++)
		if (digest.size == 64 && alike(digest, product->digests[i]))
			return true;
	return false;
}

static enum scope_fit fits_named(struct arena *arena, struct span name, struct span version,
				 const struct vex_product *product)
{
	if (!is_called(arena, name, product))
		return SCOPE_OTHER;
	bool other = version.size > 0 && product->version.size > 0 && !alike(version, product->version) &&
		     !version_set_holds(ORDER_GENERIC, version, product->version);
	return other ? SCOPE_VERSION : SCOPE_FITS;
}

enum scope_fit vex_fits_product(struct arena *arena, struct span named, struct span digest,
				const struct vex_product *product)
{
	struct purl purl;
	struct cpe cpe;
	if (digest.size > 0)
		return has_digest(product, digest) ? SCOPE_FITS : SCOPE_VERSION;
	if (named.size == 0)
		return SCOPE_FITS;
	if (purl_parse(arena, named, &purl)) {
		if (purl.checksum.size > 0)
			return has_digest(product, purl.checksum) ? SCOPE_FITS : SCOPE_VERSION;
		return fits_named(arena, purl.name, purl.range.size > 0 ? purl.range : purl.version, product);
	}
	if (read_cpe(arena, named, &cpe)) {
		struct span name = arena_copy(arena, cpe.product);
		return fits_named(arena, name, cpe_is_open(cpe.version) ? SPAN_NONE : cpe.version, product);
	}
	return fits_named(arena, named, SPAN_NONE, product);
}
