#include "vuln/package_fix.h"

#include "vuln/version.h"
#include "vuln/version_debian.h"

/* "1:1.30.1-6+deb11u1" and "1.31.1-r11" without epoch and revision. */
static struct span upstream_of(struct span fixed)
{
	size_t colon = span_find_byte(fixed, ':', 0);
	if (colon != SPAN_NOT_FOUND)
		fixed = span_from(fixed, colon + 1);
	for (size_t i = fixed.size; i > 0; i--)
		if (span_byte(fixed, i - 1) == '-')
			return span_slice(fixed, 0, i - 1);
	return fixed;
}

/* "+deb12u4": the release of Debian that a package was mended for; empty where it was not. */
static struct span release_of(struct span package)
{
	size_t at = span_find_text(package, "+deb", 0), end = at;
	if (at == SPAN_NOT_FOUND)
		return SPAN_NONE;
	while (end < package.size && span_byte(package, end) != 'u')
		end++;
	return span_slice(package, at, end - at);
}

/*
 * Debian mends a release by patches, and its list may know the fix of another release
 * only: it speaks of a package where both are of one upstream version or one release.
 */
static bool is_comparable(struct span package, struct span fixed)
{
	struct span release = release_of(package);
	return span_equal(upstream_of(package), upstream_of(fixed)) ||
	       (release.size > 0 && span_equal(release, release_of(fixed)));
}

struct range_result package_fix_judge(struct span list, struct span package, bool by_release)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct range range;
	size_t older = 0, count = 0;
	bool never = true;
	for (struct span rest = list; range_next(&rest, &range); count++) {
		never = never && span_equal_text(range.end, "0");
		if (version_compare_debian(package, range.end) >= 0)
			continue;
		if (by_release && !is_comparable(package, range.end))
			return (struct range_result){ .verdict = RANGE_SILENT };
		older++;
		result.hit = range;
		result.fixed = range.end;
	}
	if (count > 0 && older == count)
		result.verdict = RANGE_AFFECTED;
	if (count > 0 && older == 0)
		result.verdict = RANGE_UNAFFECTED;
	result.never = count > 0 && never;
	return result;
}

/* The first package of an upstream version: then that version itself carries the fix, and not a patch. */
static bool is_first_package(struct span fixed)
{
	return span_ends_text(fixed, "-r0") || span_ends_text(fixed, "-1");
}

struct range_result package_fix_judge_upstream(struct span list, enum version_order order, struct span version)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct range range;
	for (struct span rest = list; range_next(&rest, &range);) {
		struct span fixed = upstream_of(range.end);
		bool snapshot = span_find_byte(fixed, '~', 0) != SPAN_NOT_FOUND ||
				span_find_byte(fixed, '+', 0) != SPAN_NOT_FOUND;
		if (snapshot || version_compare(order, version, fixed) >= 0)
			return (struct range_result){ .verdict = RANGE_SILENT };
		result.verdict = RANGE_AFFECTED;
		if (result.hit.end.size == 0 || version_compare(order, fixed, result.hit.end) < 0) {
			result.hit = range;
			result.hit.end = fixed;
		}
		bool first = is_first_package(range.end) &&
			     (result.fixed.size == 0 || version_compare(order, fixed, result.fixed) < 0);
		if (first)
			result.fixed = fixed;
	}
	return result;
}

bool package_fix_is_of(struct span product, struct span distribution)
{
	struct span family;
	return span_next_field(&product, '/', &family) && span_equal(family, distribution);
}
