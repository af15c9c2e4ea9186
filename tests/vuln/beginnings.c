/* Sources and patches of several versions say where a fault begins that others leave open. */
#include "vuln/beginnings.h"

#include "harness.h"
#include "vuln/decision.h"
#include "vuln/identifier.h"
#include "vuln/version.h"

enum { SAID_MAX = 2, MEMORY = 1 << 16, ROWS_MIN = 1000 };

/* What is said of a version, what sources and patches show, and what comes of it. */
static const struct {
	const char *version, *missing, *patched;
	struct {
		enum store_source source;
		const char *ranges;
	} said[SAID_MAX];
	const char *status, *question;
} cases[] = {
	{ "1.2", NULL, NULL, { { SOURCE_NVD, "[*,3.5)" } }, "under review", "in which version did the fault begin?" },
	{ "1.2", NULL, "1.0", { { SOURCE_NVD, "[*,3.5)" } }, "affected", "" },
	{ "1.2", NULL, "1.2", { { SOURCE_NVD, "[*,3.5)" } }, "affected", "" },
	{ "1.2", NULL, "1.3", { { SOURCE_NVD, "[*,3.5)" } }, "under review", "in which version did the fault begin?" },
	{ "1.2", "1.2", "2.0", { { SOURCE_NVD, "[*,3.5)" } }, "not affected", "" },
	{ "1.2", "1.4", NULL, { { SOURCE_NVD, "[*,3.5)" } }, "not affected", "" },
	{ "1.2", "1.1", "2.0", { { SOURCE_NVD, "[*,3.5)" } }, "under review", "in which version did the fault begin?" },
	/* In its own branch an open range counts, but for what its sources lack. */
	{ "3.5.1", NULL, NULL, { { SOURCE_NVD, "[*,3.5.9)" } }, "affected", "" },
	{ "3.5.1", "3.5.2", "3.5.4", { { SOURCE_NVD, "[*,3.5.9)" } }, "not affected", "" },
	/* Who says where the fault begins is not asked again, nor who looked into it by hand. */
	{ "1.2", "1.4", NULL, { { SOURCE_NVD, "[1.0,3.5)" } }, "affected", "" },
	{ "1.2", "1.4", NULL, { { SOURCE_CNA, "[*,3.5)" }, { SOURCE_NVD, "[1.0,3.5)" } }, "affected", "" },
	{ "1.2", NULL, "1.0", { { SOURCE_CNA, "[*,3.5)" }, { SOURCE_NVD, "[2.0,3.5)" } }, "not affected", "" },
	{ "1.2", "1.4", NULL, { { SOURCE_REVIEW, "[*,3.5)" } }, "affected", "" },
	/* A patch alone makes no fault. */
	{ "3.6", NULL, "1.0", { { SOURCE_NVD, "[*,3.5)" } }, "none", "" },
};

static struct span text_or_none(const char *text)
{
	return text ? span_of_text(text) : SPAN_NONE;
}

TEST(sources_bound_what_has_no_beginning)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena words;
		struct claim all[SAID_MAX] = { 0 };
		struct claims claims = { .all = all };
		struct claim_subject subject = { .order = ORDER_GENERIC, .branch = 2, .version = span_of_text(cases[i].version) };
		claims.beginning.missing = text_or_none(cases[i].missing);
		claims.beginning.patched = text_or_none(cases[i].patched);
		claims.beginning.by = SPAN_LITERAL("package 3.0-1 a.patch");
		arena_init(&words, MEMORY);
		for (size_t k = 0; k < SAID_MAX && cases[i].said[k].ranges; k++) {
			all[k].source = cases[i].said[k].source;
			all[k].list = span_of_text(cases[i].said[k].ranges);
			claim_judge(&all[k], &subject, all[k].list);
			claims.count++;
		}
		struct decision decision = decide(&claims, &subject, &words);
		CHECK_TEXT(span_of_text(decision.status ? decision.status : "none"), cases[i].status);
		CHECK_TEXT(decision.question, cases[i].question);
		bool seen = false;
		for (size_t k = 0; k < decision.premise_count; k++)
			seen |= span_equal_text(span_of_text(decision.premises[k].kind), "source");
		bool read = span_find_text(decision.reason, "package 3.0-1 a.patch", 0) != SPAN_NOT_FOUND;
		CHECK(seen == read);
		arena_done(&words);
	}
}

TEST(every_line_of_the_table_is_found)
{
	struct span rest = beginnings_text(), line, last = SPAN_NONE;
	size_t count = 0;
	while (span_next_line(&rest, &line)) {
		size_t blank = span_find_byte(line, ' ', 0), tab = span_find_byte(line, '\t', 0);
		if (span_byte(line, 0) == '#')
			continue;
		REQUIRE(blank != SPAN_NOT_FOUND && tab != SPAN_NOT_FOUND && blank < tab);
		struct span key = span_slice(line, 0, tab), what = span_slice(line, blank + 1, tab - blank - 1);
		CHECK(span_compare(last, key) < 0);
		last = key;
		if (!span_starts_text(what, "CVE-"))
			continue;
		struct beginning found = beginning_find(span_slice(line, 0, blank), identifier_parse(what));
		CHECK(found.by.size > 0 && (found.missing.size > 0 || found.patched.size > 0));
		count++;
	}
	CHECK(count >= ROWS_MIN);
	CHECK(beginning_find(SPAN_LITERAL("no such component"), identifier_parse(SPAN_LITERAL("CVE-2022-0001"))).by.size == 0);
}

TESTS(sources_bound_what_has_no_beginning, every_line_of_the_table_is_found)
