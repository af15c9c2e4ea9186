#define _POSIX_C_SOURCE 200809L
#include "register/moment.h"

#include <time.h>

#include "harness.h"

/* The C library's calendar is the oracle. */
TEST(every_day_is_the_c_librarys)
{
	for (int64_t at = 0; at <= MOMENT_LAST; at += MOMENT_DAY * 3 + 12345) {
		time_t when = (time_t)at;
		struct tm parts;
		REQUIRE(gmtime_r(&when, &parts));
		struct civil civil = civil_of(at);
		bool same = civil.year == parts.tm_year + 1900 && civil.month == parts.tm_mon + 1 && civil.day == parts.tm_mday &&
			    civil.second == parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec;
		REQUIRE(same && civil_seconds(civil) == at && civil_weekday(at) == parts.tm_wday);
	}
}

static int64_t at(const char *text)
{
	struct moment moment;
	if (moment_read(span_of_text(text), &moment) && !moment.local)
		return moment.at;
	harness_fail(__FILE__, __LINE__, "not read: %s", text);
	return -1;
}

static void check_months(const char *from, int64_t months, const char *want)
{
	char got[MOMENT_ROOM];
	moment_write(civil_add_months(at(from), months), 0, got);
	CHECK_TEXT(span_of_text(got), want);
}

TEST(a_month_that_lacks_the_day_ends_with_its_last)
{
	check_months("2027-01-31T23:59:59Z", 1, "2027-02-28T23:59:59Z");
	check_months("2028-01-31T08:00Z", 1, "2028-02-29T08:00:00Z");
	check_months("2028-02-29T08:00Z", 1, "2028-03-29T08:00:00Z");
	check_months("2028-02-29T08:00Z", 12, "2029-02-28T08:00:00Z");
	check_months("2026-12-31T00:00Z", 1, "2027-01-31T00:00:00Z");
	check_months("2026-12-31T00:00Z", 2, "2027-02-28T00:00:00Z");
	check_months("2026-11-30T00:00Z", 3, "2027-02-28T00:00:00Z");
	check_months("2026-11-28T09:10Z", 25, "2028-12-28T09:10:00Z");
	check_months("2100-01-31T00:00Z", 1, "2100-02-28T00:00:00Z");
}

TEST(reads_times_as_people_write_them)
{
	CHECK_EQUAL(at("1970-01-01T00:00Z"), 0);
	CHECK_EQUAL(at("2026-11-28T09:10Z"), 1795857000);
	CHECK_EQUAL(at("2026-11-28 09:10:00Z"), 1795857000);
	CHECK_EQUAL(at("2026-11-28T10:10+01:00"), 1795857000);
	CHECK_EQUAL(at("2026-11-28T10:10:00+0100"), 1795857000);
	CHECK_EQUAL(at("2026-11-28T05:40-03:30"), 1795857000);
	CHECK_EQUAL(at("2028-02-29T00:00Z") - at("2028-02-28T00:00Z"), MOMENT_DAY);
	CHECK_EQUAL(at("9999-12-31T23:59:59Z"), MOMENT_LAST);
	struct moment moment;
	CHECK(moment_read(SPAN_LITERAL("2026-11-28T09:10"), &moment) && moment.local && moment.at == 1795857000);
}

TEST(refuses_what_is_no_time)
{
	static const char *const wrong[] = {
		"", "now", "2026-11-28", "2026-11-28T", "2026-11-28T09", "2026-11-28T09:1Z", "2026-11-28T24:00Z", "2026-11-28T09:60Z",
		"2026-11-28T09:10:60Z", "2027-02-29T00:00Z", "2100-02-29T00:00Z", "2026-04-31T00:00Z", "2026-00-10T00:00Z",
		"2026-13-10T00:00Z", "2026-10-00T00:00Z", "2026-11-28T09:10ZZ", "2026-11-28T09:10+1", "2026-11-28T09:10+27:00",
		"2026-11-28T09:10+01:60", "1969-12-31T23:59Z", "1970-01-01T00:30+01:00", "+026-11-28T09:10Z", "2026-1-28T09:10Z",
		"2026-11-28T09:10 Z", "28.11.2026 09:10", "2026-11-28T-9:10Z", "9999-12-31T23:59:59-00:01",
	};
	struct moment moment;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (moment_read(span_of_text(wrong[i]), &moment))
			harness_fail(__FILE__, __LINE__, "read: '%s'", wrong[i]);
	CHECK(!moment_read(SPAN_NONE, &moment));
}

TEST(writes_offsets)
{
	char text[MOMENT_ROOM];
	moment_write(1795857000, 3600, text);
	CHECK_TEXT(span_of_text(text), "2026-11-28T10:10:00+01:00");
	moment_write(1795857000, -12600, text);
	CHECK_TEXT(span_of_text(text), "2026-11-28T05:40:00-03:30");
	moment_write(1795857000, 0, text);
	CHECK_TEXT(span_of_text(text), "2026-11-28T09:10:00Z");
}

TESTS(every_day_is_the_c_librarys, a_month_that_lacks_the_day_ends_with_its_last, reads_times_as_people_write_them,
      refuses_what_is_no_time, writes_offsets)
