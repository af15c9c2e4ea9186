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

struct range_result package_fix_judge(struct span list, struct span package, bool by_release)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct range range;
	size_t older = 0, count = 0;
	bool never = true;
	for (struct span rest = list; range_next(&rest, &range); count++) {
		never = never && span_equal_text(range.end, "0");
		bool fixed = range.end.size > 0 && version_compare_debian(package, range.end) >= 0;
		if (fixed)
			continue;
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

bool package_fix_is_of(struct span product, struct span distribution)
{
	struct span family;
	return span_next_field(&product, '/', &family) && span_equal(family, distribution);
}
