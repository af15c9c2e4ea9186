#include "vuln/package_fix.h"

#include "vuln/distribution.h"
#include "vuln/version_debian.h"

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
	return span_equal(distribution_upstream(package), distribution_upstream(fixed)) ||
	       (release.size > 0 && span_equal(release, release_of(fixed)));
}

/* "1:9.16.48-1~deb11u1" is 1:9.16.48-1 built for an older release, with all that it mends. */
static bool has_fix(struct span package, struct span fixed)
{
	size_t at = span_find_text(package, "~deb", 0);
	return version_compare_debian(package, fixed) >= 0 ||
	       (at != SPAN_NOT_FOUND && span_equal(span_slice(package, 0, at), fixed));
}

/* "1.8.5-5ubuntu1.fips.1.1": of a line of packages of its own, whose numbers stand in no order with the others'. */
static bool is_certified(struct span package)
{
	return span_find_text(package, ".fips", 0) != SPAN_NOT_FOUND;
}

struct range_result package_fix_judge(struct span list, struct span package, bool by_release)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct range range;
	size_t older = 0, count = 0;
	bool never = true;
	for (struct span rest = list; range_next(&rest, &range); count++) {
		never = never && span_equal_text(range.end, "0");
		bool fixed = range.end.size > 0 && has_fix(package, range.end);
		if (fixed)
			continue;
		if (is_certified(package) != is_certified(range.end))
			return (struct range_result){ .verdict = RANGE_SILENT };
		if (by_release && range.end.size > 0 && !is_comparable(package, range.end))
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

bool package_fix_is_of(struct span product, struct span distribution, struct span source)
{
	struct span family;
	return span_next_field(&product, '/', &family) && span_equal(family, distribution) && span_equal(product, source);
}
