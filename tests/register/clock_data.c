#include "register/clock_data.h"

#include "harness.h"

enum { ARENA_SIZE = 16 << 20 };

/* As the texts of the laws were read, by hand: a change of the data has to be made here too. */
static const struct {
	const char *id, *article, *rule;
} read_by_hand[] = {
	{ "cra.vulnerability.early-warning", "Art. 14(2)(a)",
	  "24 hours after becoming aware of an actively exploited vulnerability in the product" },
	{ "cra.vulnerability.notification", "Art. 14(2)(b)",
	  "72 hours after becoming aware of an actively exploited vulnerability in the product" },
	{ "cra.vulnerability.final-report", "Art. 14(2)(c)", "14 days after a corrective or mitigating measure is available" },
	{ "cra.vulnerability.users", "Art. 14(8)",
	  "in a timely manner after becoming aware of an actively exploited vulnerability in the product"
	  " (the text gives no number)" },
	{ "cra.incident.early-warning", "Art. 14(4)(a)",
	  "24 hours after becoming aware of a severe incident that has an impact on the security of the product" },
	{ "cra.incident.notification", "Art. 14(4)(b)",
	  "72 hours after becoming aware of a severe incident that has an impact on the security of the product" },
	{ "cra.incident.final-report", "Art. 14(4)(c)",
	  "1 month after the submission of the incident notification under Art. 14(4)(b)" },
	{ "gdpr.breach.authority", "Art. 33(1)", "72 hours after becoming aware, as controller, of a personal data breach" },
	{ "gdpr.breach.controller", "Art. 33(2)",
	  "without undue delay after becoming aware, as processor, of a personal data breach (the text gives no number)" },
	{ "gdpr.breach.people", "Art. 34(1)", "without undue delay after finding that a personal data breach is likely to result in a"
	  " high risk to people (the text gives no number)" },
	{ "nis2.early-warning", "Art. 23(4)(a)", "24 hours after becoming aware of a significant incident" },
	{ "nis2.notification", "Art. 23(4)(b)", "72 hours after becoming aware of a significant incident" },
	{ "nis2.final-report", "Art. 23(4)(d)", "1 month after the submission of the incident notification under Art. 23(4)(b)" },
	{ "promise.answer", "Response Time", "48 hours after the report of a vulnerability is received" },
	{ "promise.fix.critical", "Vulnerability Disclosure Instructions, 1", "14 days after the vulnerability is confirmed" },
	{ "promise.fix.high", "Vulnerability Disclosure Instructions, 2", "28 days after the vulnerability is confirmed" },
	{ "promise.fix.medium", "Vulnerability Disclosure Instructions, 3", "42 days after the vulnerability is confirmed" },
	{ "promise.fix.low", "Vulnerability Disclosure Instructions, 4", "175 days after the vulnerability is confirmed" },
	{ "disclosure.embargo", "agreement of the parties",
	  "at the time that was named when the parties agreed on a date of disclosure" },
};

TEST(every_clock_says_what_the_texts_say)
{
	struct arena arena;
	struct clocks clocks;
	struct span error = SPAN_NONE;
	arena_init(&arena, ARENA_SIZE);
	if (clocks_load(&arena, &clocks, &error) != DONE)
		printf("# %.*s\n", SPAN_FORMAT(error));
	REQUIRE(error.size == 0 && clocks.count >= sizeof read_by_hand / sizeof *read_by_hand);
	for (size_t i = 0; i < sizeof read_by_hand / sizeof *read_by_hand; i++) {
		const struct clock *clock = clocks_find(&clocks, span_of_text(read_by_hand[i].id));
		REQUIRE(clock);
		CHECK_TEXT(clock->article, read_by_hand[i].article);
		CHECK_TEXT(clock->rule, read_by_hand[i].rule);
	}
	for (size_t i = 0; i < clocks.count; i++) /* the day from which Art. 14 applies, by Art. 71(2) */
		if (span_starts_text(clocks.all[i].id, "cra.") && clocks.all[i].periods == CLOCK_REGULATION_1182_71 &&
		    span_starts_text(clocks.all[i].article, "Art. 14"))
			CHECK_TEXT(clocks.all[i].applies_from, "2026-09-11");
	arena_done(&arena);
}

#define HEAD "law: a law\nbasis: law\nperiods: elapsed\napplies_from: 2026-01-01\nevents:\n" \
	     "  - {event: it.began, words: it began}\n"
#define PLAIN "article: 1, binds: us, due: a report, to: them, source: a text"
#define CLOCK(members) HEAD "clocks:\n  - {" members "}\n"

static enum outcome read_text(const char *text, struct arena *arena, struct clocks *out, struct span *error)
{
	*out = (struct clocks){ 0 };
	return clocks_read("clocks/test.yaml", span_of_text(text), arena, out, error);
}

static void check_told(const char *text, const char *words)
{
	struct arena arena;
	struct clocks clocks;
	struct span error = SPAN_NONE;
	arena_init(&arena, ARENA_SIZE);
	enum outcome outcome = read_text(text, &arena, &clocks, &error);
	if (outcome != MALFORMED || span_find_text(error, words, 0) == SPAN_NOT_FOUND)
		harness_fail(__FILE__, __LINE__, "%s: '%.*s', not '%s'", outcome_name(outcome), SPAN_FORMAT(error), words);
	arena_done(&arena);
}

TEST(what_is_wrong_is_told)
{
	struct arena arena;
	struct clocks clocks;
	struct span error = SPAN_NONE;
	arena_init(&arena, ARENA_SIZE);
	CHECK_EQUAL(read_text(CLOCK("id: a, starts: it.began, length: 14 days, " PLAIN), &arena, &clocks, &error), DONE);
	CHECK_EQUAL(clocks.count, 1);
	arena_done(&arena);
	check_told("law: [", "cannot be read");
	check_told("- law", "must be a mapping");
	check_told(CLOCK("id: a, starts: it.began, lenght: 14 days, " PLAIN), "line 8: no such member: lenght");
	check_told(CLOCK("id: a, starts: it.ended, length: 14 days, " PLAIN), "no event of this document starts it: it.ended");
	check_told(CLOCK("id: a, starts: it.began, requires: x, length: 14 days, " PLAIN), "the one that it requires: x");
	check_told(CLOCK("id: a, starts: it.began, " PLAIN), "length is a number");
	check_told(CLOCK("id: a, starts: it.began, length: 14, " PLAIN), "length is a number");
	check_told(CLOCK("id: a, starts: it.began, length: 0 days, " PLAIN), "length is a number");
	check_told(CLOCK("id: a, starts: it.began, length: -1 days, " PLAIN), "length is a number");
	check_told(CLOCK("id: a, starts: it.began, length: 2 weeks, " PLAIN), "length is a number");
	check_told(CLOCK("id: a, starts: it.began, length: 14 days or so, " PLAIN), "length is a number");
	check_told(CLOCK("id: a, starts: it.began, length: 14 days, reminder: 3 hours, " PLAIN), "has a reminder, and no other");
	check_told(CLOCK("id: a, starts: it.began, length: without undue delay, " PLAIN), "has a reminder, and no other");
	check_told(CLOCK("id: a, starts: it.began, length: in a timely manner, reminder: 3 days, " PLAIN), "reminder is a number");
	check_told(CLOCK("id: a, starts: it.began, length: 14 days, again: often, " PLAIN), "again is no word");
	check_told(CLOCK("id: a, starts: it.began, length: 14 days, article: 1, due: it, to: them"), "a clock needs");
	check_told(CLOCK("id: a, starts: it.began, length: 14 days, applies_from: 2026-02-30, " PLAIN), "the day from which");
	check_told(CLOCK("id: a, starts: it.began, length: 1 days, " PLAIN "}\n"
			 "  - {id: a, starts: it.began, length: 1 days, " PLAIN), "line 9: this clock is there already: a");
	check_told("events:\n  - {event: a, words: b}\n  - {event: a, words: b}\n", "line 3: this event is there already: a");
	check_told("events:\n  - {event: submitted.b, words: b}\n", "it names no clock: submitted.b");
	check_told("events:\n  - {event: a}\n", "an event needs its kind and words: a");
}

TESTS(every_clock_says_what_the_texts_say, what_is_wrong_is_told)
