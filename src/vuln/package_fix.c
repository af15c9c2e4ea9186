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

/* What the releases say: as many that count the package as affected, as fixed, as never affected, or leave it open. */
struct tally {
	size_t older, fixed, clear, open;
};

/* A release names the fixed package, "0" where it never had the fault, or a package from which on it has none: "![2.0-1,*]". */
static void count_release(struct tally *tally, const struct range *range, struct span package, bool by_release)
{
	struct span bound = range->unaffected ? range->start : range->end;
	bool reached = bound.size > 0 && has_fix(package, bound);
	if (range->unaffected || (reached && span_equal_text(bound, "0")))
		*(reached ? &tally->clear : &tally->open) += 1;
	else if (reached)
		tally->fixed++;
	else if (is_certified(package) != is_certified(bound) || (by_release && bound.size > 0 && !is_comparable(package, bound)))
		tally->open++;
	else
		tally->older++;
}

struct range_result package_fix_judge(struct span list, struct span package, bool by_release)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct tally tally = { 0 };
	struct range range;
	for (struct span rest = list; range_next(&rest, &range);) {
		size_t older = tally.older;
		count_release(&tally, &range, package, by_release);
		if (tally.older == older)
			continue;
		result.hit = range;
		result.fixed = range.end;
	}
	size_t without = tally.fixed + tally.clear;
	if (tally.open > 0 || (tally.older > 0) == (without > 0))
		return (struct range_result){ .verdict = RANGE_SILENT };
	result.verdict = tally.older > 0 ? RANGE_AFFECTED : RANGE_UNAFFECTED;
	result.never = without > 0 && tally.fixed == 0;
	return result;
}

bool package_fix_is_of(struct span product, struct span distribution, struct span source)
{
	struct span family;
	return span_next_field(&product, '/', &family) && span_equal(family, distribution) && span_equal(product, source);
}
