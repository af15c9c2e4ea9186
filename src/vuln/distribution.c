#include "vuln/distribution.h"

#include "vuln/branch.h"
#include "vuln/version.h"

enum package_kind {
	PACKAGE_FIRST,   /* of a new upstream version */
	PACKAGE_PATCHED, /* of a version that was there before */
	PACKAGE_OTHER,   /* one or the other: nothing shows which */
};

static struct span before(struct span text, size_t at)
{
	return at == SPAN_NOT_FOUND ? text : span_slice(text, 0, at);
}

static size_t find_last(struct span text, uint8_t byte)
{
	for (size_t i = text.size; i > 0; i--)
		if (span_byte(text, i - 1) == byte)
			return i - 1;
	return SPAN_NOT_FOUND;
}

static bool contains(struct span text, const char *word)
{
	return span_find_text(text, word, 0) != SPAN_NOT_FOUND;
}

struct span distribution_upstream(struct span package)
{
	static const char *const repacked[] = { "+dfsg", "~dfsg", ".dfsg", "+ds", "~ds" };
	size_t colon = span_find_byte(package, ':', 0);
	struct span version = colon == SPAN_NOT_FOUND ? package : span_from(package, colon + 1);
	version = before(version, find_last(version, '-'));
	size_t really = span_find_text(version, "+really", 0);
	if (really != SPAN_NOT_FOUND)
		version = span_from(version, really + 7);
	for (size_t i = 0; i < sizeof repacked / sizeof *repacked; i++)
		version = before(version, span_find_text(version, repacked[i], 0));
	bool snapshot = span_find_byte(version, '~', 0) != SPAN_NOT_FOUND || span_find_byte(version, '+', 0) != SPAN_NOT_FOUND;
	return snapshot ? SPAN_NONE : version;
}

/* "0ubuntu0.20.04.1" is a new version in an old release, "0ubuntu1.3" and "1ubuntu4.2" are patches of it. */
static enum package_kind ubuntu_kind(struct span revision)
{
	size_t at = span_find_text(revision, "ubuntu", 0);
	struct span debian = span_slice(revision, 0, at), own = span_from(revision, at + 6);
	if (span_starts_text(own, "0"))
		return span_equal_text(debian, "0") ? PACKAGE_FIRST : PACKAGE_PATCHED;
	if (span_find_byte(own, '.', 0) != SPAN_NOT_FOUND)
		return PACKAGE_PATCHED;
	bool first = span_equal_text(own, "1") && (span_equal_text(debian, "0") || span_equal_text(debian, "1"));
	return first ? PACKAGE_FIRST : PACKAGE_OTHER;
}

/* "1~18.04ubuntu1.6": brought back as 1~18.04ubuntu1, and patched since. */
static bool is_update_of_backport(struct span revision)
{
	size_t tilde = span_find_byte(revision, '~', 0), ubuntu = span_find_text(revision, "ubuntu", 0);
	if (tilde == SPAN_NOT_FOUND || ubuntu == SPAN_NOT_FOUND || tilde + 1 >= ubuntu)
		return false;
	struct span own = span_from(revision, ubuntu + 6);
	return span_find_byte(own, '.', 0) != SPAN_NOT_FOUND && span_find_byte(own, '~', 0) == SPAN_NOT_FOUND &&
	       !span_starts_text(own, "0");
}

static enum package_kind kind_of(struct span package)
{
	static const char *const releases[] = { "+deb", "woody", "sarge", "etch", "lenny", "squeeze", "wheezy" };
	size_t dash = find_last(package, '-');
	if (dash == SPAN_NOT_FOUND)
		return PACKAGE_FIRST; /* upstream's own number */
	struct span revision = span_from(package, dash + 1);
	if (is_update_of_backport(revision) || contains(revision, "+esm"))
		return PACKAGE_PATCHED;
	if (span_find_byte(revision, '~', 0) != SPAN_NOT_FOUND)
		return PACKAGE_OTHER; /* a later release's package, brought back */
	for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
		if (contains(revision, releases[i]))
			return PACKAGE_PATCHED;
	if (contains(revision, "ubuntu"))
		return ubuntu_kind(revision);
	if (span_equal_text(revision, "1") || span_equal_text(revision, "r0") || span_equal_text(revision, "1build1"))
		return PACKAGE_FIRST;
	return span_starts_text(revision, "r") ? PACKAGE_PATCHED : PACKAGE_OTHER;
}

bool distribution_is_patch(struct span fixed, struct span package)
{
	struct span upstream = distribution_upstream(fixed);
	return upstream.size > 0 && kind_of(fixed) == PACKAGE_PATCHED && span_equal(upstream, distribution_upstream(package));
}

static void add_fixed(struct distribution *d, struct span version)
{
	for (size_t i = 0; i < d->fixed_count; i++)
		if (version_compare(d->order, d->fixed[i], version) == 0)
			return;
	if (d->fixed_count < DISTRIBUTION_FIXES_MAX)
		d->fixed[d->fixed_count++] = version;
}

static void add_patched(struct distribution *d, struct span version)
{
	if (d->patched_first.size == 0 || version_compare(d->order, version, d->patched_first) < 0)
		d->patched_first = version;
	if (d->patched_last.size == 0 || version_compare(d->order, version, d->patched_last) > 0)
		d->patched_last = version;
}

/* "3.30.1" of "3.30.1+fossil191229-1" and "6.0" of "6.0+20170827-1": what came out before the fix; empty for others. */
static struct span before_snapshot(struct span package)
{
	static const char *const systems[] = { "+fossil", "+git", "+svn", "+hg", "+20" };
	size_t colon = span_find_byte(package, ':', 0);
	struct span version = colon == SPAN_NOT_FOUND ? package : span_from(package, colon + 1);
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
		size_t at = span_find_text(version, systems[i], 0);
		if (at != SPAN_NOT_FOUND)
			return span_slice(version, 0, at);
	}
	return SPAN_NONE;
}

static void add_snapshot(struct distribution *d, struct span version)
{
	bool newer = d->snapshot_last.size == 0 || version_compare(d->order, version, d->snapshot_last) > 0;
	if (version.size > 0 && version_plausible(version) && newer)
		d->snapshot_last = version;
}

static void add_package(struct distribution *d, struct span package)
{
	enum package_kind kind = kind_of(package);
	struct span upstream = distribution_upstream(package);
	add_snapshot(d, before_snapshot(package));
	if (upstream.size == 0 || !version_plausible(upstream) || span_equal_text(package, "0"))
		return;
	if (kind == PACKAGE_FIRST)
		add_fixed(d, upstream);
	if (kind == PACKAGE_PATCHED)
		add_patched(d, upstream);
}

void distribution_add(struct distribution *d, struct span release, struct span ranges)
{
	struct range range;
	for (struct span rest = ranges; range_next(&rest, &range);) {
		if (span_equal_text(release, RELEASE_BEGINS))
			d->begins = d->begins.size == 0 || version_compare(d->order, range.start, d->begins) < 0 ? range.start
														  : d->begins;
		else if (range.end.size > 0)
			add_package(d, range.end);
	}
}

/* A version that one distribution took for the fix and another had to patch has none. */
static bool is_void(const struct distribution *d, size_t branch, struct span fixed)
{
	return d->patched_last.size > 0 && branch_is_same(fixed, d->patched_last, branch) &&
	       version_compare(d->order, fixed, d->patched_last) <= 0;
}

/* The fix that a version waits for: that of its branch; else the first of all, where it is older than every one. */
static struct span fix_for(const struct distribution *d, size_t branch, struct span version, bool *has_fix)
{
	struct span lowest = SPAN_NONE;
	size_t above = 0, below = 0;
	bool own_branch = false;
	*has_fix = false;
	for (size_t i = 0; i < d->fixed_count; i++) {
		if (is_void(d, branch, d->fixed[i]))
			continue;
		bool newer = version_compare(d->order, d->fixed[i], version) > 0;
		bool own = branch_is_same(d->fixed[i], version, branch);
		if (own && !newer) {
			*has_fix = true;
			return SPAN_NONE;
		}
		above += newer;
		below += !newer;
		if (newer && (lowest.size == 0 || (own && !own_branch) ||
			      (own == own_branch && version_compare(d->order, d->fixed[i], lowest) < 0)))
			lowest = d->fixed[i];
		own_branch = own_branch || own;
	}
	*has_fix = below > 0 && above == 0;
	return below == 0 || own_branch ? lowest : SPAN_NONE; /* between the fixes of two branches, neither speaks */
}

struct range_result distribution_judge(const struct distribution *d, size_t branch, struct span version)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	bool has_fix;
	struct span fix = fix_for(d, branch, version, &has_fix);
	bool patched = d->patched_last.size > 0 && version_compare(d->order, version, d->patched_last) <= 0;
	if (d->begins.size > 0 && version_compare(d->order, version, d->begins) < 0) {
		result.verdict = RANGE_UNAFFECTED;
		result.hit.start = d->begins;
		return result;
	}
	if (has_fix)
		result.verdict = RANGE_UNAFFECTED;
	bool early = d->snapshot_last.size > 0 && version_compare(d->order, version, d->snapshot_last) <= 0;
	if (has_fix || (fix.size == 0 && !patched && !early))
		return result;
	result.verdict = RANGE_AFFECTED;
	result.fixed = fix;
	result.hit.end = fix.size > 0 ? fix : patched ? d->patched_last : d->snapshot_last;
	result.hit.end_excluded = fix.size > 0;
	if (d->begins.size > 0)
		result.hit.start = d->begins;
	else if (d->patched_first.size > 0 && version_compare(d->order, version, d->patched_first) >= 0)
		result.hit.start = d->patched_first;
	return result;
}
