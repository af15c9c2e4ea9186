#include "register/clock.h"

#include "harness.h"
#include "register/moment.h"

enum { ARENA_SIZE = 32 << 20 };

#define EXPLOITED "aware.exploited-vulnerability"
#define MEASURE "measure.available"

static struct arena arena;
static struct clocks clocks;
static struct zone berlin;
static bool has_berlin;

static void begin(void)
{
	struct span error = SPAN_NONE;
	arena_init(&arena, ARENA_SIZE);
	if (clocks_load(&arena, &clocks, &error) != DONE)
		harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(error));
	has_berlin = zone_open(SPAN_LITERAL("Europe/Berlin"), &arena, &berlin, &error) == DONE;
}

static int64_t at(const char *text)
{
	struct moment moment;
	if (moment_read(span_of_text(text), &moment) && !moment.local)
		return moment.at;
	harness_fail(__FILE__, __LINE__, "not read: %s", text);
	return -1;
}

static struct clock_start start(const char *event, const char *when, int64_t sequence)
{
	return (struct clock_start){ .event = span_of_text(event), .at = at(when), .sequence = sequence };
}

/* The due times after those starts as one text: "clock due 2026-…; clock waiting". */
static const char *asked(const struct clock_start *starts, size_t count, const struct zone *zone)
{
	static char text[4096];
	struct dues dues;
	size_t used = 0;
	text[0] = '\0';
	if (clocks_due(&clocks, starts, count, zone, &arena, &dues) != DONE)
		return "refused";
	for (size_t i = 0; i < dues.count && used < sizeof text - 200; i++) {
		const struct due *due = &dues.all[i];
		char when[MOMENT_ROOM] = "";
		if (due->state != DUE_WAITING)
			moment_write(due->at, 0, when);
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s %s%s%.16s by %lld%s", i > 0 ? "; " : "",
					 SPAN_FORMAT(due->clock->id), due_state_name(due->state), *when ? " " : "", when,
					 (long long)due->start->sequence, due->before_law ? " before the law" : "");
	}
	return text;
}

#define CHECK_DUES(want, zone, ...)                                                                       \
	do {                                                                                              \
		const struct clock_start starts_[] = { __VA_ARGS__ };                                     \
		CHECK_TEXT(span_of_text(asked(starts_, sizeof starts_ / sizeof *starts_, (zone))), want); \
	} while (0)

/* The promise of the product: 24 h and 72 h with awareness, the final report when there is a measure and not before. */
TEST(an_exploited_vulnerability)
{
	begin();
	CHECK_DUES("cra.vulnerability.early-warning due 2026-11-29T09:10 by 7; "
		   "cra.vulnerability.notification due 2026-12-01T09:10 by 7; "
		   "cra.vulnerability.users at once 2026-12-01T09:10 by 7; cra.vulnerability.final-report waiting by 7",
		   NULL, start(EXPLOITED, "2026-11-28T09:10Z", 7));
	CHECK_DUES("cra.vulnerability.early-warning due 2026-11-29T09:10 by 7; "
		   "cra.vulnerability.notification due 2026-12-01T09:10 by 7; "
		   "cra.vulnerability.users at once 2026-12-01T09:10 by 7; "
		   "cra.vulnerability.final-report due 2027-01-24T16:00 by 9",
		   NULL, start(EXPLOITED, "2026-11-28T09:10Z", 7), start(MEASURE, "2027-01-10T16:00Z", 9));
	/* A fix of what nobody exploits starts no clock of the law. */
	CHECK_DUES("", NULL, start(MEASURE, "2027-01-10T16:00Z", 9));
	/* It was there before anybody knew of an exploit: no report is due before there is something to report. */
	const struct clock_start before[] = { start(MEASURE, "2026-10-01T16:00Z", 3),
					      start(EXPLOITED, "2026-11-28T09:10Z", 7) };
	struct dues dues;
	REQUIRE(clocks_due(&clocks, before, 2, NULL, &arena, &dues) == DONE && dues.count == 4);
	CHECK_TEXT(dues.all[3].clock->id, "cra.vulnerability.final-report");
	CHECK_EQUAL(dues.all[3].at, at("2026-12-12T09:10Z"));
	CHECK_EQUAL(dues.all[3].counted_from, at("2026-11-28T09:10Z"));
	CHECK_EQUAL(dues.all[3].start->sequence, 3);
	arena_done(&arena);
}

TEST(a_severe_incident_ends_a_month_after_the_notification_as_submitted)
{
	begin();
	CHECK_DUES("cra.incident.early-warning due 2027-01-30T22:00 by 1; cra.incident.notification due 2027-02-01T22:00 by 1; "
		   "cra.incident.users at once 2027-02-01T22:00 by 1; cra.incident.final-report due 2027-02-28T08:00 by 2",
		   NULL, start("aware.severe-incident", "2027-01-29T22:00Z", 1),
		   start("submitted.cra.incident.notification", "2027-01-31T08:00Z", 2));
	arena_done(&arena);
}

/* What is recorded later moves nothing: neither a second awareness, nor a second measure, in whichever order they come. */
TEST(nothing_puts_a_due_time_off)
{
	begin();
	static const char breach[] = "aware.personal-data-breach";
	CHECK_DUES("gdpr.breach.authority due 2026-12-01T09:10 by 2", NULL, start(breach, "2026-11-30T00:00Z", 1),
		   start(breach, "2026-11-28T09:10Z", 2), start(breach, "2026-11-28T09:10Z", 3));
	const struct clock_start starts[] = { start(EXPLOITED, "2026-11-28T09:10Z", 1), start(MEASURE, "2027-03-01T00:00Z", 4),
					      start(MEASURE, "2026-12-01T00:00Z", 3) };
	struct dues dues;
	REQUIRE(clocks_due(&clocks, starts, 3, NULL, &arena, &dues) == DONE && dues.count == 4);
	CHECK_TEXT(dues.all[3].clock->id, "cra.vulnerability.final-report");
	CHECK_EQUAL(dues.all[3].at, at("2026-12-15T00:00Z"));
	arena_done(&arena);
}

/* Each intermediate report that is asked for is owed; of agreements the last holds; without a time, there is none. */
TEST(times_that_are_named)
{
	begin();
	static const char interim[] = "asked.cra.interim-report", disclosure[] = "agreed.disclosure";
	struct clock_start asked_for[] = { start(interim, "2026-12-01T08:00Z", 5), start(interim, "2026-12-02T08:00Z", 6),
					   start(interim, "2026-12-03T08:00Z", 8) };
	asked_for[0].named = at("2026-12-05T12:00Z");
	asked_for[1].named = at("2026-12-04T12:00Z");
	CHECK_TEXT(span_of_text(asked(asked_for, 3, NULL)), "cra.interim-report due 2026-12-04T12:00 by 6; "
		   "cra.interim-report due 2026-12-05T12:00 by 5; cra.interim-report waiting by 8");
	struct clock_start agreed[] = { start(disclosure, "2026-12-02T08:00Z", 6), start(disclosure, "2026-12-01T08:00Z", 5) };
	agreed[0].named = at("2027-02-01T12:00Z");
	agreed[1].named = at("2027-03-01T12:00Z");
	CHECK_TEXT(span_of_text(asked(agreed, 2, NULL)), "disclosure.embargo due 2027-02-01T12:00 by 6");
	arena_done(&arena);
}

TEST(a_promise_goes_by_severity)
{
	static const struct { const char *severity, *want; } cases[] = {
		{ "critical", "promise.fix.critical due 2026-12-12T00:00 by 1" },
		{ "high", "promise.fix.high due 2026-12-26T00:00 by 1" },
		{ "medium", "promise.fix.medium due 2027-01-09T00:00 by 1" },
		{ "low", "promise.fix.low due 2027-05-22T00:00 by 1" },
		{ "", "" },
		{ "none", "" },
	};
	begin();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct clock_start confirmed = start("confirmed.vulnerability", "2026-11-28T00:00Z", 1);
		confirmed.severity = span_of_text(cases[i].severity);
		CHECK_TEXT(span_of_text(asked(&confirmed, 1, NULL)), cases[i].want);
	}
	CHECK_DUES("promise.answer due 2026-11-30T00:00 by 4", NULL, start("received.report", "2026-11-28T00:00Z", 4));
	arena_done(&arena);
}

TEST(what_began_before_the_law_is_told)
{
	begin();
	const struct clock_start before = start(EXPLOITED, "2026-09-10T23:59:59Z", 1);
	const struct clock_start after = start(EXPLOITED, "2026-09-11T00:00:00Z", 1);
	struct dues dues;
	REQUIRE(clocks_due(&clocks, &before, 1, NULL, &arena, &dues) == DONE && dues.count == 4);
	CHECK(dues.all[0].before_law && dues.all[1].before_law);
	REQUIRE(clocks_due(&clocks, &after, 1, NULL, &arena, &dues) == DONE && dues.count == 4);
	CHECK(!dues.all[0].before_law && !dues.all[1].before_law);
	arena_done(&arena);
}

TEST(what_cannot_be_is_refused)
{
	begin();
	struct clock_start unknown = start("aware.nothing", "2026-11-28T00:00Z", 1);
	struct clock_start wrong = start("received.report", "2026-11-28T00:00Z", 1);
	struct dues dues;
	CHECK_EQUAL(clocks_due(&clocks, &unknown, 1, NULL, &arena, &dues), NOT_THIS);
	wrong.at = -1;
	CHECK_EQUAL(clocks_due(&clocks, &wrong, 1, NULL, &arena, &dues), MALFORMED);
	wrong.at = INT64_MAX;
	CHECK_EQUAL(clocks_due(&clocks, &wrong, 1, NULL, &arena, &dues), MALFORMED);
	CHECK_EQUAL(clocks_due(&clocks, NULL, 0, NULL, &arena, &dues), DONE);
	CHECK_EQUAL(dues.count, 0);
	arena_done(&arena);
}

static int64_t due(const char *id, const char *from, const struct zone *zone)
{
	return clock_due(clocks_find(&clocks, span_of_text(id)), at(from), zone);
}

/* Hours pass alike in summer and winter. Days and months go by both calendars, and the earlier counts. */
TEST(summer_time)
{
	begin();
	if (!has_berlin)
		SKIP("there is no database of time zones here (tzdata)");
	CHECK_EQUAL(due("cra.vulnerability.early-warning", "2027-03-27T12:00Z", &berlin), at("2027-03-28T12:00Z"));
	CHECK_EQUAL(due("cra.vulnerability.early-warning", "2027-10-30T12:00Z", &berlin), at("2027-10-31T12:00Z"));
	/* 13:00 there is 11:00 in summer and 12:00 in winter. */
	CHECK_EQUAL(due("cra.vulnerability.final-report", "2027-03-20T12:00Z", NULL), at("2027-04-03T12:00Z"));
	CHECK_EQUAL(due("cra.vulnerability.final-report", "2027-03-20T12:00Z", &berlin), at("2027-04-03T11:00Z"));
	CHECK_EQUAL(due("cra.vulnerability.final-report", "2027-10-25T12:00Z", &berlin), at("2027-11-08T12:00Z"));
	/* 00:30 of the 31st in Berlin is still the 30th in UTC, and the last of April is due there a day earlier. */
	CHECK_EQUAL(due("cra.incident.final-report", "2027-03-30T22:30Z", NULL), at("2027-04-30T22:30Z"));
	CHECK_EQUAL(due("cra.incident.final-report", "2027-03-30T22:30Z", &berlin), at("2027-04-29T22:30Z"));
	/* 02:30 on the day when clocks go forward is never shown: the earlier of the two that can be meant. */
	CHECK_EQUAL(due("cra.incident.final-report", "2027-02-28T01:30Z", &berlin), at("2027-03-28T00:30Z"));
	arena_done(&arena);
}

static int64_t period_end(const char *id, const char *from)
{
	return clock_period_end(clocks_find(&clocks, span_of_text(id)), at(from), &berlin);
}

/* Regulation 1182/71, Article 3: (1), (2)(a), (2)(b), (2)(c), (4). */
TEST(periods_of_regulation_1182_71)
{
	begin();
	if (!has_berlin)
		SKIP("there is no database of time zones here (tzdata)");
	CHECK_EQUAL(period_end("cra.vulnerability.early-warning", "2026-11-28T09:10Z"), at("2026-11-29T11:00+01:00"));
	CHECK_EQUAL(period_end("cra.vulnerability.early-warning", "2026-11-28T09:00Z"), at("2026-11-29T11:00+01:00"));
	CHECK_EQUAL(period_end("gdpr.breach.authority", "2026-11-26T22:59:59Z"), at("2026-11-30T00:00+01:00"));
	/* The 14th day is Saturday the 12th: the end of Monday. One day earlier it is Friday, and ends with it. */
	CHECK_EQUAL(period_end("cra.vulnerability.final-report", "2026-11-28T09:10Z"), at("2026-12-15T00:00+01:00"));
	CHECK_EQUAL(period_end("cra.vulnerability.final-report", "2026-11-27T09:10Z"), at("2026-12-12T00:00+01:00"));
	CHECK_EQUAL(period_end("cra.vulnerability.final-report", "2026-11-29T09:10Z"), at("2026-12-15T00:00+01:00"));
	/* Of the 31st of January the last of February, a Tuesday; half past eleven is the 1st of March there already. */
	CHECK_EQUAL(period_end("cra.incident.final-report", "2028-01-31T09:10Z"), at("2028-03-01T00:00+01:00"));
	CHECK_EQUAL(period_end("cra.incident.final-report", "2027-02-28T23:30Z"), at("2027-04-02T00:00+02:00"));
	CHECK_EQUAL(period_end("nis2.final-report", "2028-01-31T09:10Z"), 0);
	CHECK_EQUAL(period_end("promise.answer", "2028-01-31T09:10Z"), 0);
	arena_done(&arena);
}

/* The due time that is given is never later than the end of the period: 2026 to 2040, every 17 hours and some. */
TEST(nothing_is_due_after_its_period)
{
	begin();
	if (!has_berlin)
		SKIP("there is no database of time zones here (tzdata)");
	int counted = 0;
	for (size_t i = 0; i < clocks.count; i++) {
		const struct clock *clock = &clocks.all[i];
		for (int64_t from = at("2026-01-01T00:00Z"); from < at("2041-01-01T00:00Z"); from += 17 * MOMENT_HOUR + 1021) {
			int64_t end = clock_period_end(clock, from, &berlin), when = clock_due(clock, from, &berlin);
			if (end == 0)
				continue;
			counted++;
			REQUIRE(when > from && when <= end && end - when < 5 * MOMENT_DAY);
		}
	}
	CHECK(counted > 50000);
	arena_done(&arena);
}

TESTS(an_exploited_vulnerability, a_severe_incident_ends_a_month_after_the_notification_as_submitted,
      nothing_puts_a_due_time_off,
      times_that_are_named, a_promise_goes_by_severity, what_began_before_the_law_is_told, what_cannot_be_is_refused, summer_time,
      periods_of_regulation_1182_71, nothing_is_due_after_its_period)
