#define _DEFAULT_SOURCE /* tm_gmtoff, setenv() */
#include "register/zone.h"

#include <time.h>

#include "base/file.h"
#include "harness.h"
#include "register/moment.h"

enum { ARENA_SIZE = 16 << 20 };

/* With rules that begin in spring and in autumn, with minutes, given up, negative (Dublin), and over 24 h (Nuuk). */
static const char *const names[] = {
	"Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Santiago", "America/Nuuk",
	"Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Shanghai", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo",
	"Pacific/Chatham", "Asia/Gaza", "Etc/GMT+8",
};
enum { NAMES = sizeof names / sizeof *names };

static bool is_there(const char *name)
{
	return harness_shell("test -f /usr/share/zoneinfo/%s", name);
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 24;
}

static bool same_as_c_library(const struct zone *zone, int64_t at)
{
	struct tm parts;
	time_t when = (time_t)at;
	struct zone_type type = zone_at(zone, at);
	if (!localtime_r(&when, &parts))
		return false;
	bool same = parts.tm_gmtoff == type.offset && span_equal_text(type.name, parts.tm_zone);
	if (!same)
		printf("# %.*s at %lld: %d %.*s, not %ld %s\n", SPAN_FORMAT(zone->name), (long long)at, (int)type.offset,
		       SPAN_FORMAT(type.name), parts.tm_gmtoff, parts.tm_zone);
	return same;
}

/* The process's own zone is changed here for the oracle's sake alone. */
TEST(shows_what_the_c_library_shows)
{
	struct arena arena;
	struct zone zone;
	struct span error = SPAN_NONE;
	uint64_t state = 1;
	int seen = 0;
	for (int i = 0; i < NAMES; i++) {
		if (!is_there(names[i]))
			continue;
		arena_init(&arena, ARENA_SIZE);
		REQUIRE(zone_open(span_of_text(names[i]), &arena, &zone, &error) == DONE);
		(void)setenv("TZ", names[i], 1);
		tzset();
		bool same = true;
		for (int n = 0; n < 4000 && same; n++) /* to the year 2100 */
			same = same_as_c_library(&zone, (int64_t)(next_random(&state) % UINT64_C(4102444800)));
		for (size_t n = 0; n < zone.change_count && same; n++)
			if (zone.changes[n] > 0)
				same = same_as_c_library(&zone, zone.changes[n]) && same_as_c_library(&zone, zone.changes[n] - 1);
		CHECK(same);
		seen++;
		arena_done(&arena);
	}
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	if (seen == 0)
		SKIP("there is no database of time zones here (tzdata)");
}

static int64_t at(const char *text)
{
	struct moment moment;
	return moment_read(span_of_text(text), &moment) ? moment.at : -1;
}

TEST(finds_the_moment_that_clocks_show)
{
	struct arena arena;
	struct zone zone;
	struct span error = SPAN_NONE;
	if (!is_there("Europe/Berlin") || !is_there("Pacific/Apia"))
		SKIP("there is no database of time zones here (tzdata)");
	arena_init(&arena, ARENA_SIZE);
	REQUIRE(zone_open(SPAN_LITERAL("Europe/Berlin"), &arena, &zone, &error) == DONE);
	CHECK_EQUAL(zone_moment(&zone, at("2026-11-28T10:10")), at("2026-11-28T09:10Z"));
	CHECK_EQUAL(zone_moment(&zone, at("2027-07-01T00:00")), at("2027-06-30T22:00Z"));
	/* Twice: the first. Never: the earlier of the two that can be meant. In the table, and by the rule after it. */
	CHECK_EQUAL(zone_moment(&zone, at("2026-10-25T02:30")), at("2026-10-25T00:30Z"));
	CHECK_EQUAL(zone_moment(&zone, at("2027-03-28T02:30")), at("2027-03-28T00:30Z"));
	CHECK_EQUAL(zone_moment(&zone, at("2039-10-30T02:30")), at("2039-10-30T00:30Z"));
	CHECK_EQUAL(zone_moment(&zone, at("2039-03-27T02:30")), at("2039-03-27T00:30Z"));
	CHECK_EQUAL(zone_moment(&zone, at("2039-03-27T03:00")), at("2039-03-27T01:00Z"));
	/* Samoa left out the 30th of December 2011. */
	REQUIRE(zone_open(SPAN_LITERAL("Pacific/Apia"), &arena, &zone, &error) == DONE);
	CHECK_EQUAL(zone_moment(&zone, at("2011-12-31T00:00")), at("2011-12-30T10:00Z"));
	CHECK_EQUAL(zone_moment(&zone, at("2011-12-29T23:00")), at("2011-12-30T09:00Z"));
	arena_done(&arena);
}

TEST(an_offset_is_a_zone)
{
	struct arena arena;
	struct zone zone;
	struct span error = SPAN_NONE;
	arena_init(&arena, ARENA_SIZE);
	REQUIRE(zone_open(SPAN_LITERAL("-03:30"), &arena, &zone, &error) == DONE);
	CHECK_EQUAL(zone_at(&zone, 0).offset, -12600);
	CHECK_EQUAL(zone_moment(&zone, 0), 12600);
	REQUIRE(zone_open(SPAN_LITERAL("UTC"), &arena, &zone, &error) == DONE);
	CHECK_EQUAL(zone_at(&zone, 0).offset, 0);
	arena_done(&arena);
}

TEST(a_name_leads_nowhere_else)
{
	static const char *const wrong[] = {
		"", "../../../etc/passwd", "../zoneinfo/Europe/Berlin", "/etc/localtime", "Europe/Berlin\n", "Nowhere/Here", "Europe",
		"+1", "+99:00", "Europe/..", "CET-1CEST",
	};
	struct arena arena;
	struct zone zone;
	arena_init(&arena, ARENA_SIZE);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct span error = SPAN_NONE;
		enum outcome outcome = zone_open(span_of_text(wrong[i]), &arena, &zone, &error);
		if (outcome != NOT_THIS || error.size == 0)
			harness_fail(__FILE__, __LINE__, "'%s': %s", wrong[i], outcome_name(outcome));
	}
	arena_done(&arena);
}

/* Rules as POSIX writes them: with Julian days, days from zero, negative times, and summer all year. */
TEST(reads_rules)
{
	struct zone_rule rule;
	REQUIRE(zone_rule_read(SPAN_LITERAL("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), &rule));
	CHECK_EQUAL(rule.standard_offset, -7200);
	CHECK_EQUAL(rule.summer_offset, -3600);
	CHECK(!zone_rule_is_summer(&rule, at("2040-03-25T00:59:59Z")));
	CHECK(zone_rule_is_summer(&rule, at("2040-03-25T01:00:00Z")));
	REQUIRE(zone_rule_read(SPAN_LITERAL("EST5EDT,0/0,J365/25"), &rule));
	CHECK(zone_rule_is_summer(&rule, at("2040-12-31T23:59:59Z")) && zone_rule_is_summer(&rule, at("2041-01-01T04:30Z")));
	REQUIRE(zone_rule_read(SPAN_LITERAL("AAA0BBB,J60,J61"), &rule)); /* the 1st of March in every year */
	CHECK(zone_rule_is_summer(&rule, at("2028-03-01T12:00Z")) && !zone_rule_is_summer(&rule, at("2028-02-29T12:00Z")));
	CHECK(zone_rule_is_summer(&rule, at("2029-03-01T12:00Z")));
	REQUIRE(zone_rule_read(SPAN_LITERAL("AAA0BBB,59,60"), &rule)); /* the 60th day, leap day or not */
	CHECK(zone_rule_is_summer(&rule, at("2028-02-29T12:00Z")) && zone_rule_is_summer(&rule, at("2029-03-01T12:00Z")));
	static const char *const wrong[] = {
		"", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-999", "<CET-1",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "CET-1CEST,J0,J365",
		"CET-1CEST,366,1",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (zone_rule_read(span_of_text(wrong[i]), &rule))
			harness_fail(__FILE__, __LINE__, "read: '%s'", wrong[i]);
}

/* A file of version 1 with two changes and one type, by RFC 9636. */
static enum outcome read_small(uint8_t second_change, uint8_t second_type, uint8_t hours_east, struct zone *out,
			       struct arena *arena)
{
	const uint8_t file[] = {
		'T', 'Z', 'i', 'f', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 10, 0, 0, 0, second_change, 0, second_type,
		0, (uint8_t)(hours_east * 3600 >> 16), (uint8_t)(hours_east * 3600 >> 8), (uint8_t)(hours_east * 3600), 0, 0,
		'A', 'B', 'C', 0 };
	return zone_read(span_of(file, sizeof file), arena, out);
}

TEST(what_cannot_be_in_a_file_is_damage)
{
	struct arena arena;
	struct zone zone;
	arena_init(&arena, ARENA_SIZE);
	REQUIRE(read_small(20, 0, 2, &zone, &arena) == DONE);
	CHECK_EQUAL(zone_at(&zone, 100).offset, 7200);
	CHECK_TEXT(zone_at(&zone, 100).name, "ABC");
	CHECK_EQUAL(read_small(20, 1, 2, &zone, &arena), MALFORMED);
	CHECK_EQUAL(read_small(10, 0, 2, &zone, &arena), MALFORMED);
	CHECK_EQUAL(read_small(20, 0, 27, &zone, &arena), MALFORMED);
	arena_done(&arena);
}

/* A file that is cut off is refused wherever it is cut; one with other bytes is read or refused, and asked, without harm. */
TEST(a_damaged_file_does_no_harm)
{
	struct file_view view;
	struct arena arena;
	struct zone zone;
	uint64_t state = 7;
	if (!file_view_open("/usr/share/zoneinfo/Europe/Berlin", 1 << 20, &view))
		SKIP("there is no database of time zones here (tzdata)");
	uint8_t *copy = malloc(view.bytes.size);
	arena_init(&arena, ARENA_SIZE);
	REQUIRE(copy && zone_read(view.bytes, &arena, &zone) == DONE);
	for (size_t size = 0; size < view.bytes.size; size++, arena_reset(&arena))
		if (zone_read(span_slice(view.bytes, 0, size), &arena, &zone) != MALFORMED)
			harness_fail(__FILE__, __LINE__, "not refused where cut at %zu", size);
	int read = 0, refused = 0;
	for (int i = 0; i < 20000; i++, arena_reset(&arena)) {
		memcpy(copy, view.bytes.data, view.bytes.size);
		for (int n = 0; n < 4; n++)
			copy[next_random(&state) % (n < 2 ? 100 : view.bytes.size)] = (uint8_t)next_random(&state);
		enum outcome outcome = zone_read(span_of(copy, view.bytes.size), &arena, &zone);
		read += outcome == DONE;
		refused += outcome == MALFORMED;
		if (outcome == DONE)
			(void)zone_moment(&zone, zone_at(&zone, MOMENT_LAST).offset);
	}
	CHECK(read > 0 && refused > 0 && read + refused == 20000);
	free(copy);
	file_view_close(&view);
	arena_done(&arena);
}

TESTS(shows_what_the_c_library_shows, finds_the_moment_that_clocks_show, an_offset_is_a_zone, a_name_leads_nowhere_else,
      reads_rules, what_cannot_be_in_a_file_is_damage, a_damaged_file_does_no_harm)
