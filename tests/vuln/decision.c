#include "vuln/decision.h"

#include "harness.h"

enum { SAID_MAX = 4 };

/* What sources say of a fault, and what comes of it for one version. */
static const struct {
	const char *version;
	size_t branch;
	struct {
		enum store_source source;
		bool listed;
		const char *ranges;
	} said[SAID_MAX];
	const char *status, *question;
} cases[] = {
	/* A range without a beginning counts in its own branch only. */
	{ "1.6.3", 2, { { SOURCE_NVD, false, "[*,1.6.8]" } }, "affected", "" },
	{ "1.2.44", 2, { { SOURCE_NVD, false, "[*,1.6.8]" } }, "under review", "in which version did the fault begin?" },
	{ "1.2.44", 1, { { SOURCE_NVD, false, "[*,1.6.8]" } }, "affected", "" },
	/* The narrower one goes before a wider override, and before one that is open. */
	{ "1.6.50", 2, { { SOURCE_NVD_OVERRIDE, false, "[*,1.6.54)" }, { SOURCE_NVD, false, "[1.6.51,1.6.54)" } },
	  "not affected", "" },
	{ "1.6.52", 2, { { SOURCE_NVD_OVERRIDE, false, "[*,1.6.54)" }, { SOURCE_NVD, false, "[1.6.51,1.6.54)" } },
	  "affected", "" },
	{ "2.0", 1, { { SOURCE_CNA, false, "[*,3.0)" }, { SOURCE_NVD, false, "[2.5,3.0)" } }, "not affected", "" },
	/* A beginning that is known elsewhere makes an open range good. */
	{ "1.2.44", 2, { { SOURCE_NVD, false, "[*,1.6.8]" }, { SOURCE_ADP, false, "[1.2.0,1.6.8]" } }, "affected", "" },
	/* A list of branches says nothing of those that it leaves out. */
	{ "1.0.1u", 3, { { SOURCE_CNA, true, "[1.0.2,1.0.2zf) [1.1.1,1.1.1p)" } }, "under review",
	  "does branch 1.0.1 have the fault?" },
	{ "1.0.2", 3, { { SOURCE_CNA, true, "[1.0.2,1.0.2zf) [1.1.1,1.1.1p)" } }, "affected", "" },
	{ "1.0.2zf", 3, { { SOURCE_CNA, true, "[1.0.2,1.0.2zf) [1.1.1,1.1.1p)" } }, "none", "" },
	{ "1.0.1u", 3, { { SOURCE_CNA, true, "[1.0.2zd,1.0.2zf)" } }, "none", "" }, /* it knows the very version */
	{ "1.0.1u", 3, { { SOURCE_CNA, false, "[1.0.2,1.0.2zf)" } }, "none", "" },
	{ "1.0.1u", 3, { { SOURCE_CNA, true, "[1.0.2,1.0.2zf)" }, { SOURCE_NVD, false, "[1.0.1,1.0.2zf)" } }, "affected", "" },
	/* Bounds of the version's own branch go before a beginning in another. */
	{ "2.28.0", 2, { { SOURCE_NVD_OVERRIDE, false, "[2.18.0,2.28.8) [3.0.0,3.6.0)" }, { SOURCE_ADP, false, "[3.x,3.6.0)" } },
	  "affected", "" },
	{ "2.16.0", 2, { { SOURCE_NVD_OVERRIDE, false, "[*,2.28.8)" }, { SOURCE_ADP, false, "[2.18.0,2.28.8)" } },
	  "not affected", "" },
	{ "8.0.1", 2, { { SOURCE_CNA, true, "[8.1.*,8.1.28) [8.2.x,8.2.18)" } }, "under review", "does branch 8.0 have the fault?" },
	/* Who follows faults commit by commit leaves branches out; another source has the end of this one. */
	{ "3.10.90", 2, { { SOURCE_TRACKER, false, "[2.6.31,3.15) ![3.12.22,3.12.*]" },
			  { SOURCE_NVD, false, "[3.5,3.10.42) [3.11,3.12.22)" } }, "not affected", "" },
	{ "3.10.14", 2, { { SOURCE_TRACKER, false, "[2.6.31,3.15) ![3.12.22,3.12.*]" },
			  { SOURCE_NVD, false, "[3.5,3.10.42) [3.11,3.12.22)" } }, "affected", "" },
	{ "3.10.90", 2, { { SOURCE_TRACKER, false, "[2.6.31,3.15) ![3.10.95,3.10.*]" },
			  { SOURCE_NVD, false, "[3.5,3.10.42)" } }, "affected", "" },
	{ "3.10.90", 2, { { SOURCE_TRACKER, false, "[2.6.31,3.15)" }, { SOURCE_NVD, false, "[3.5,3.10)" } }, "affected", "" },
	{ "3.10.90", 2, { { SOURCE_CNA, false, "[2.6.31,3.15)" }, { SOURCE_NVD, false, "[3.5,3.10.42)" } }, "affected", "" },
	/* What was looked into by hand goes before all. */
	{ "2.55", 1, { { SOURCE_REVIEW, false, "[2.60,2.78)" }, { SOURCE_NVD, false, "[*,2.78)" } }, "not affected", "" },
	{ "2.55", 1, { { SOURCE_REVIEW, false, "[2.0,2.78)" }, { SOURCE_NVD, false, "[2.60,2.78)" } }, "affected", "" },
	{ "2.55", 1, { { SOURCE_REVIEW, false, "![*,*]" }, { SOURCE_NVD, false, "[*,2.78)" } }, "not affected", "" },
	{ "2.55", 2, { { SOURCE_REVIEW, false, "[*,3.1)" }, { SOURCE_NVD, false, "[2.60,3.1)" } }, "affected", "" },
	/* Nobody says anything of this version. */
	{ "9.0", 1, { { SOURCE_NVD, false, "[*,2.78)" } }, "none", "" },
};

TEST(sources_together_come_to_one_status)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena words;
		struct claim all[SAID_MAX] = { 0 };
		struct claims claims = { .all = all };
		struct claim_subject subject = { .order = cases[i].branch == 3 ? ORDER_OPENSSL : ORDER_GENERIC,
						 .branch = cases[i].branch, .version = span_of_text(cases[i].version) };
		arena_init(&words, 1 << 16);
		for (size_t k = 0; k < SAID_MAX && cases[i].said[k].ranges; k++) {
			all[k].source = cases[i].said[k].source;
			all[k].listed = cases[i].said[k].listed;
			all[k].list = span_of_text(cases[i].said[k].ranges);
			claim_judge(&all[k], &subject, all[k].list);
			claims.count++;
		}
		struct decision decision = decide(&claims, &subject, &words);
		CHECK_TEXT(span_of_text(decision.status ? decision.status : "none"), cases[i].status);
		CHECK_TEXT(decision.question, cases[i].question);
		CHECK(!decision_is(&decision, "not affected") || decision.justification != NULL);
		CHECK(!decision_is(&decision, "affected") || decision.premise_count > 0);
		arena_done(&words);
	}
}

/* A distribution patched the version: that counts unless those who know upstream speak of others. */
TEST(what_only_distributions_say_waits_where_upstream_names_others)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct claim patched = { .source = SOURCE_DISTRIBUTION, .result = { .verdict = RANGE_AFFECTED } };
	patched.result.hit.start = patched.result.hit.end = SPAN_LITERAL("1.4.31");
	struct claims claims = { .all = &patched, .count = 1 };
	struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("1.4.31") };
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "affected");
	claims.stated = true;
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "under review");
	arena_done(&words);
}

/* Whoever lists the series that are still mended does not say that the fault began with the first of them. */
TEST(lists_of_living_series_say_nothing_of_ended_ones)
{
	static const struct {
		enum store_source source;
		const char *ranges;
		bool ended;
		const char *status;
	} said[] = {
		{ SOURCE_NVD, "[14.0,14.21) [15.0,15.16)", true, "under review" },
		{ SOURCE_NVD, "[14.0,14.21) [15.0,15.16)", false, "not affected" },
		{ SOURCE_NVD, "[14.2,14.21) [15.0,15.16)", true, "not affected" },
		{ SOURCE_REVIEW, "[14.0,14.21) [15.0,15.16)", true, "not affected" },
	};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		struct arena words;
		arena_init(&words, 1 << 16);
		struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("13.3") };
		struct claim all[2] = { { .source = said[i].source, .ended = said[i].ended, .series = SPAN_LITERAL("13") },
					{ .source = SOURCE_ADP } };
		claim_judge(&all[0], &subject, span_of_text(said[i].ranges));
		claim_judge(&all[1], &subject, SPAN_LITERAL("[*,14.21)"));
		struct claims claims = { .all = all, .count = 2 };
		CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), said[i].status);
		arena_done(&words);
	}
}

/* A distribution that patched the very version has seen the fault in it, whatever NVD says of its beginning. */
TEST(a_patch_of_the_packaged_version_shows_the_fault)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("1.17.1") };
	struct claim all[2] = { { .source = SOURCE_NVD_OVERRIDE }, { .source = SOURCE_DISTRIBUTION, .own = true } };
	struct claims claims = { .all = all, .count = 2 };
	claim_judge(&all[0], &subject, SPAN_LITERAL("[1.18.0,1.19.1)"));
	all[1].result = (struct range_result){ .verdict = RANGE_AFFECTED };
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "not affected");
	all[1].patched = true;
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "affected");
	/* Our own facts speak of upstream's version; the packager may have brought the fault into it. */
	all[0].source = SOURCE_REVIEW;
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "affected");
	all[1].patched = false;
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "not affected");
	arena_done(&words);
}

/* Our own facts speak of upstream: the packager still knows best what he mended. */
TEST(own_facts_leave_packages_to_their_distribution)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("1.33.1") };
	struct claim all[2] = { { .source = SOURCE_REVIEW }, { .source = SOURCE_DISTRIBUTION, .own = true } };
	struct claims claims = { .all = all, .count = 2 };
	claim_judge(&all[0], &subject, SPAN_LITERAL("[1.16.0,1.34.0)"));
	all[1].result.verdict = RANGE_UNAFFECTED;
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "fixed");
	all[1].result = (struct range_result){ .verdict = RANGE_AFFECTED };
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "affected");
	all[0] = (struct claim){ .source = SOURCE_REVIEW };
	claim_judge(&all[0], &subject, SPAN_LITERAL("[1.34.0,1.35.0)"));
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "not affected");
	arena_done(&words);
}

/* The reason says where the fact is from; whether the part is there is judged later. */
TEST(own_facts_name_parts_and_say_why)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("1.33.1") };
	struct claim claim = { .source = SOURCE_REVIEW, .part = SPAN_LITERAL("awk"), .why = SPAN_LITERAL("mended by 1a2b3c") };
	struct claims claims = { .all = &claim, .count = 1 };
	claim_judge(&claim, &subject, SPAN_LITERAL("[1.16.0,1.34.0)"));
	struct decision decision = decide(&claims, &subject, &words);
	CHECK(!decision.usual);
	claim.usual = true;
	decision = decide(&claims, &subject, &words);
	CHECK(decision.usual);
	CHECK_TEXT(span_of_text(decision.status), "affected");
	CHECK_TEXT(decision.part, "awk");
	CHECK_TEXT(decision.reason, "1.33.1 lies in [1.16.0, 1.34.0) (assay's own review: mended by 1a2b3c)");
	arena_done(&words);
}

/* Linux's list closes a range with the next series where the fault's own was given up. */
TEST(the_end_of_a_series_mends_nothing)
{
	static const struct {
		const char *version, *lists[2], *fixed;
	} ends[] = {
		{ "3.10.20", { "[3.10.16,3.11) [3.11.5,3.12)", "[3.12,6.12) ![4.19.324,4.19.*] ![5.4.286,5.4.*]" }, "4.19.324" },
		{ "3.11.7", { "[3.10.16,3.11) [3.11.5,3.12)", "[3.12,6.12) ![4.19.324,4.19.*] ![5.4.286,5.4.*]" }, "4.19.324" },
		{ "3.10.20", { "[3.10.16,3.11) [3.11.5,3.12)", "[3.12,*]" }, "" },
		{ "4.9.270", { "[4.9.260,4.10) [4.14.224,4.14.308)", "[5.12,6.3) ![6.1.16,6.1.*]" }, "4.10" }, /* which has it not */
		{ "6.0.3", { "[4.9.260,4.10) [4.14.224,4.14.308)", "[5.12,6.3) ![6.1.16,6.1.*]" }, "6.1.16" },
		{ "6.2.9", { "[4.9.260,4.10) [4.14.224,4.14.308)", "[5.12,6.3) ![6.1.16,6.1.*]" }, "6.3" },
		{ "3.11-rc4", { "[3.10.16,3.11) [3.11.5,3.12)", "[3.13,*]" }, "3.11" },
		{ "3.11.6", { "[3.10.16,3.11) [3.11.5,3.12)", "[3.13,*]" }, "3.12" },
	};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct arena words;
		struct claim all[2] = { 0 };
		struct claims claims = { .all = all, .count = 2 };
		struct claim_subject subject = { .order = ORDER_KERNEL, .branch = 2,
						 .version = span_of_text(ends[i].version) };
		arena_init(&words, 1 << 16);
		for (size_t k = 0; k < 2; k++) {
			all[k].source = SOURCE_CNA;
			all[k].list = span_of_text(ends[i].lists[k]);
			claim_judge(&all[k], &subject, all[k].list);
		}
		CHECK_TEXT(decide(&claims, &subject, &words).fixed, ends[i].fixed);
		arena_done(&words);
	}
}

TESTS(the_end_of_a_series_mends_nothing, lists_of_living_series_say_nothing_of_ended_ones,
      a_patch_of_the_packaged_version_shows_the_fault,
      sources_together_come_to_one_status, what_only_distributions_say_waits_where_upstream_names_others,
      own_facts_leave_packages_to_their_distribution, own_facts_name_parts_and_say_why)
