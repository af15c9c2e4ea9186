#include "vuln/distribution.h"

#include <stdio.h>

#include "harness.h"
#include "vuln/branch.h"

TEST(branches_share_their_first_fields)
{
	CHECK_TEXT(branch_of(SPAN_LITERAL("v2.16.9-rc1"), 2), "2.16");
	CHECK_TEXT(branch_of(SPAN_LITERAL("1.0.2zf"), 3), "1.0.2");
	CHECK_TEXT(branch_of(SPAN_LITERAL("7"), 2), "7");
	CHECK_TEXT(branch_of(SPAN_LITERAL("x"), 2), "");
	CHECK(branch_is_same(SPAN_LITERAL("1.2.44"), SPAN_LITERAL("1.2"), 2));
	CHECK(!branch_is_same(SPAN_LITERAL("1.2.44"), SPAN_LITERAL("1.20"), 2));
	CHECK(branch_begins_with(SPAN_LITERAL("1.0.2"), 3) && branch_begins_with(SPAN_LITERAL("2.0.0"), 2));
	CHECK(branch_begins_with(SPAN_LITERAL("3"), 2) && !branch_begins_with(SPAN_LITERAL("1.0.2a"), 3));
	CHECK(!branch_begins_with(SPAN_LITERAL("2.0.1"), 2));
}

TEST(a_release_is_of_a_version)
{
	CHECK(branch_has_release(SPAN_LITERAL("4.14.63"), SPAN_LITERAL("4.14.63-openwrt")));
	CHECK(branch_has_release(SPAN_LITERAL("4.14.63"), SPAN_LITERAL("4.14.63")));
	CHECK(branch_has_release(SPAN_LITERAL("4.14"), SPAN_LITERAL("4.14+")));
	CHECK(!branch_has_release(SPAN_LITERAL("4.14"), SPAN_LITERAL("4.14.63-openwrt")));
	CHECK(!branch_has_release(SPAN_LITERAL("4.14.6"), SPAN_LITERAL("4.14.63-openwrt")));
	CHECK(!branch_has_release(SPAN_LITERAL("4.14.63"), SPAN_LITERAL("4.14.6")));
	CHECK(!branch_has_release(SPAN_LITERAL(""), SPAN_LITERAL("4.14.6")));
}

TEST(packages_name_the_upstream_version_in_them)
{
	static const char *const cases[][2] = {
		{ "1:1.30.1-6+deb11u1", "1.30.1" }, { "1.31.1-r11", "1.31.1" },    { "1.2.3+dfsg-4", "1.2.3" },
		{ "1:1.2.8.dfsg-5", "1.2.8" },	    { "5.6.1+really5.4.5-1", "5.4.5" }, { "2.24~git20210101-1", "" },
		{ "1.34.0", "1.34.0" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(distribution_upstream(span_of_text(cases[i][0])), cases[i][1]);
}

/* What rows of releases come to for one version: "[patched, fixed)", "fixed", "before 2.77" or "". */
static struct span judged(const char *const *rows, size_t branch, const char *version)
{
	static char text[128];
	struct distribution d = { .order = ORDER_GENERIC };
	for (size_t i = 0; rows[i]; i += 2)
		distribution_add(&d, span_of_text(rows[i]), span_of_text(rows[i + 1]));
	struct range_result result = distribution_judge(&d, branch, span_of_text(version));
	const struct range *hit = &result.hit;
	text[0] = 0;
	if (result.verdict == RANGE_AFFECTED)
		(void)snprintf(text, sizeof text, "[%.*s, %.*s%c", SPAN_FORMAT(hit->start), SPAN_FORMAT(hit->end),
			       hit->end_excluded ? ')' : ']');
	if (result.verdict == RANGE_UNAFFECTED)
		(void)snprintf(text, sizeof text, hit->start.size ? "before %.*s" : "fixed", SPAN_FORMAT(hit->start));
	return span_of_text(text);
}

TEST(a_patch_shows_that_its_version_had_the_fault)
{
	static const char *const rows[] = { "v3.11", "[*,1.31.1-r11)", "v3.14", "[*,1.33.1-r4)", "v3.15", "[*,1.34.0-r0)", NULL };
	CHECK_TEXT(judged(rows, 1, "1.33.1"), "[1.31.1, 1.34.0)");
	CHECK_TEXT(judged(rows, 1, "1.32.0"), "[1.31.1, 1.34.0)");
	CHECK_TEXT(judged(rows, 1, "1.19.4"), "[, 1.34.0)"); /* nobody shows that it had it by then */
	CHECK_TEXT(judged(rows, 1, "1.34.0"), "fixed");
	CHECK_TEXT(judged(rows, 1, "1.35.0"), "fixed");
}

TEST(an_update_of_a_package_that_was_brought_back_is_a_patch)
{
	static const char *const updated[] = { "18.04", "[*,3.6.9-1~18.04ubuntu1.6)", NULL };
	CHECK_TEXT(judged(updated, 1, "3.6.9"), "[3.6.9, 3.6.9]");
	static const char *const supported[] = { "18.04", "[*,7.2-2ubuntu1+esm1)", NULL };
	CHECK_TEXT(judged(supported, 1, "7.2"), "[7.2, 7.2]");
	static const char *const brought[] = { "18.04", "[*,3.6.9-1~ubuntu18.04.1)", "20.04", "[*,3.6.9-1~18.04ubuntu1)", NULL };
	CHECK_TEXT(judged(brought, 1, "3.6.9"), "");
}

/* A fix that only a snapshot has came after the version that the snapshot is named by; when the fault began is open. */
TEST(a_snapshot_shows_that_its_version_came_before_the_fix)
{
	static const char *const rows[] = { "bullseye", "[*,3.30.1+fossil191229-1)", "bionic", "[*,3.22.0-1ubuntu0.3)", NULL };
	CHECK_TEXT(judged(rows, 1, "3.30.1"), "[3.22.0, 3.30.1]");
	CHECK_TEXT(judged(rows, 1, "3.26.0"), "[3.22.0, 3.30.1]");
	CHECK_TEXT(judged(rows, 1, "3.20.0"), "[, 3.22.0]");
	CHECK_TEXT(judged(rows, 1, "3.31.0"), "");
	static const char *const alone[] = { "sid", "[*,6.0+20170827-1)", NULL };
	CHECK_TEXT(judged(alone, 1, "6.0"), "[, 6.0]");
	CHECK_TEXT(judged(alone, 1, "6.1"), "");
	static const char *const repacked[] = { "sid", "[*,1.2.3+dfsg-4)", "sid", "[*,1.2.3+really1.2.1-4)", NULL };
	CHECK_TEXT(judged(repacked, 1, "1.2.3"), "");
}

TEST(a_patch_never_bounds_a_range)
{
	static const char *const patches[] = { "v3.5", "[*,2.6-r1)", "11", "[*,2:2.4-1+deb11u2)", NULL };
	CHECK_TEXT(judged(patches, 1, "2.5"), "[2.4, 2.6]");
	CHECK_TEXT(judged(patches, 1, "2.6"), "[2.4, 2.6]");
	CHECK_TEXT(judged(patches, 1, "2.7"), ""); /* the patch may have gone upstream, or not */
	static const char *const unclear[] = { "12", "[*,2.36-3)", "13", "[*,2.90-4~deb12u1)", NULL };
	CHECK_TEXT(judged(unclear, 1, "2.36"), "");
}

TEST(a_version_that_had_to_be_patched_has_no_fix)
{
	static const char *const rows[] = { "v3.12", "[*,2.2.10-r0)", "v3.13", "[*,2.2.10-r2)", "v3.14", "[*,2.4.3-r0)", NULL };
	CHECK_TEXT(judged(rows, 1, "2.4.1"), "[2.2.10, 2.4.3)");
	CHECK_TEXT(judged(rows, 1, "2.2.10"), "[2.2.10, 2.4.3)");
}

TEST(each_branch_waits_for_its_own_fix)
{
	static const char *const rows[] = { RELEASE_UPSTREAM, "[*,1.5.21) [*,1.6.16)", NULL };
	CHECK_TEXT(judged(rows, 2, "1.5.20"), "[, 1.5.21)");
	CHECK_TEXT(judged(rows, 2, "1.5.21"), "fixed");
	CHECK_TEXT(judged(rows, 2, "1.6.3"), "[, 1.6.16)");
	CHECK_TEXT(judged(rows, 2, "1.2.44"), "[, 1.5.21)");
	CHECK_TEXT(judged(rows, 2, "1.7.0"), "fixed");
	static const char *const apart[] = { RELEASE_UPSTREAM, "[*,1.4.2) [*,1.6.16)", NULL };
	CHECK_TEXT(judged(apart, 2, "1.5.3"), ""); /* of whose branch nobody speaks */
}

TEST(a_tracker_may_know_where_the_fault_begins)
{
	static const char *const rows[] = { RELEASE_BEGINS, "[2.77,*]", RELEASE_UPSTREAM, "[*,2.78)", NULL };
	CHECK_TEXT(judged(rows, 1, "2.76"), "before 2.77");
	CHECK_TEXT(judged(rows, 1, "2.77"), "[2.77, 2.78)");
	CHECK_TEXT(judged(rows, 1, "2.78"), "fixed");
}

TEST(revisions_of_ubuntu)
{
	static const char *const patched[] = { "18.04", "[*,1:1.27.2-2ubuntu3.4)", "22.04", "[*,3.0.2-0ubuntu1.15)", NULL };
	CHECK_TEXT(judged(patched, 1, "3.0.1"), "[1.27.2, 3.0.2]");
	static const char *const newer[] = { "20.04", "[*,2.90-0ubuntu0.20.04.1)", NULL };
	CHECK_TEXT(judged(newer, 1, "2.89"), "[, 2.90)");
	static const char *const never[] = { "16.04", "[*,0)", NULL };
	CHECK_TEXT(judged(never, 1, "2.89"), "");
}

TEST(patches_are_told_from_new_versions)
{
	CHECK(distribution_is_patch(SPAN_LITERAL("7.4.33-1+deb11u5"), SPAN_LITERAL("7.4.33-1")));
	CHECK(distribution_is_patch(SPAN_LITERAL("1:1.27.2-2ubuntu3.4"), SPAN_LITERAL("1:1.27.2-2ubuntu3")));
	CHECK(!distribution_is_patch(SPAN_LITERAL("7.4.33-1+deb11u5"), SPAN_LITERAL("7.4.30-1+deb11u1")));
	CHECK(!distribution_is_patch(SPAN_LITERAL("2.90-1"), SPAN_LITERAL("2.90-1")));
	CHECK(!distribution_is_patch(SPAN_NONE, SPAN_NONE));
}

TESTS(patches_are_told_from_new_versions, a_release_is_of_a_version,
      branches_share_their_first_fields, packages_name_the_upstream_version_in_them,
      a_patch_shows_that_its_version_had_the_fault,
      a_snapshot_shows_that_its_version_came_before_the_fix, a_patch_never_bounds_a_range,
      a_version_that_had_to_be_patched_has_no_fix, each_branch_waits_for_its_own_fix,
      a_tracker_may_know_where_the_fault_begins, revisions_of_ubuntu,
      an_update_of_a_package_that_was_brought_back_is_a_patch)
