#include "vuln/package_fix.h"

#include "vuln/branch.h"
#include "vuln/distribution.h"
#include "vuln/version_debian.h"

/* Of "+deb12u4" and "~deb12u1" the "deb12": the release of Debian that a package was mended for; empty where it was not. */
static struct span release_of(struct span package)
{
	size_t at = span_find_text(package, "+deb", 0), end;
	if (at == SPAN_NOT_FOUND)
		at = span_find_text(package, "~deb", 0);
	if (at == SPAN_NOT_FOUND)
		return SPAN_NONE;
	for (end = ++at; end < package.size && span_byte(package, end) != 'u';)
		end++;
	return span_slice(package, at, end - at);
}

/*
 * "2.85-1+rpt1" of Raspberry Pi OS, "2.89-1~bpo11+1" from another release: 2.85-1 and 2.89-1, which others have built, and may
 * have changed. The whole where it is the distribution's own.
 */
static struct span built_from(struct span package)
{
	static const char *const others[] = { "+rpt", "+rpi", "~bpo" };
	size_t end = package.size;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		size_t at = span_find_text(package, others[i], 0);
		end = at < end ? at : end;
	}
	return span_slice(package, 0, end);
}

/* "2.80-1.1ubuntu1.6": a number that only updates of a release of Ubuntu have. */
static bool is_ubuntu_update(struct span package)
{
	size_t at = span_find_text(package, "ubuntu", 0);
	return at != SPAN_NOT_FOUND && span_find_byte(package, '.', at) != SPAN_NOT_FOUND;
}

/* "2.90-0ubuntu0.20.04.1": a new version of upstream for a release, which has it in its number. */
static bool names_ubuntu_release(struct span package)
{
	size_t at = span_find_text(package, "ubuntu", 0);
	return at != SPAN_NOT_FOUND && (span_find_text(package, ".04", at) != SPAN_NOT_FOUND ||
					span_find_text(package, ".10", at) != SPAN_NOT_FOUND);
}

/* "1.33.1-r7": a later package of a version in Alpine, as for a patch. */
static bool is_alpine_patch(struct span package)
{
	size_t at = package.size;
	while (at > 0 && span_byte(package, at - 1) >= '0' && span_byte(package, at - 1) <= '9')
		at--;
	return at >= 2 && span_equal_text(span_slice(package, at - 2, 2), "-r") && !span_equal_text(span_from(package, at), "0");
}

/*
 * An update of a release mends that release's packages. A greater number of another release, or of a new version that was
 * never part of it, shows nothing: 2.89-1 was made before 2.85-1+deb11u1, and lacks what that mends.
 */
static bool is_in_line(struct span package, struct span fixed)
{
	struct span release = release_of(fixed);
	if (release.size > 0)
		return span_equal(release_of(package), release);
	if (is_alpine_patch(fixed))
		return branch_is_same(package, fixed, 2);
	return !is_ubuntu_update(fixed) || names_ubuntu_release(package) ||
	       span_equal(distribution_upstream(package), distribution_upstream(fixed));
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

/*
 * What the releases say: as many that count the package as affected, as fixed, as never affected, leave it open, or speak
 * of others.
 */
struct tally {
	size_t older, fixed, clear, open, others;
};

/* A release names the fixed package, "0" where it never had the fault, or a package from which on it has none: "![2.0-1,*]". */
static void count_release(struct tally *tally, const struct range *range, struct span package, bool by_release)
{
	struct span bound = range->unaffected ? range->start : range->end;
	struct span base = built_from(package);
	bool reached = bound.size > 0 && has_fix(base, bound);
	if (reached ? !is_in_line(base, bound) : base.size < package.size && has_fix(package, bound))
		tally->others++;
	else if (range->unaffected || (reached && span_equal_text(bound, "0")))
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
	bool spared = tally.fixed > 0 || tally.others == 0;
	if (tally.open > 0 || (tally.older > 0) == (without > 0) || (without > 0 && !spared))
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
