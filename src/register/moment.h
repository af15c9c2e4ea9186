/*
 * Moments and the calendar: seconds since 1970 in UTC without leap seconds, and days and months of the (proleptic)
 * Gregorian calendar, as ISO 8601 writes them. Years 1970 to 9999.
 */
#ifndef ASSAY_REGISTER_MOMENT_H
#define ASSAY_REGISTER_MOMENT_H

#include "base/span.h"

enum { MOMENT_HOUR = 3600, MOMENT_DAY = 86400, MOMENT_ROOM = 32 };
/* The end of the year 9999. */
#define MOMENT_LAST INT64_C(253402300799)

struct civil {
	int64_t year;
	int month, day;  /* from 1 */
	int64_t second;  /* of the day */
};

/* The day and time of day of so many seconds since 1970-01-01T00:00:00, in whatever zone those are counted in. */
struct civil civil_of(int64_t seconds);
/* The other way; the month may be any number, the day and second too: they carry over. */
int64_t civil_seconds(struct civil civil);
/* 28 to 31. */
int civil_month_days(int64_t year, int month);
/*
 * So many months later at the same time of day. Where that month has no such day, its last one: 31 January and one month
 * is 28 or 29 February.
 */
int64_t civil_add_months(int64_t seconds, int64_t months);
/* 0 for Sunday to 6 for Saturday. */
int civil_weekday(int64_t seconds);
/* "Sunday" to "Saturday". */
const char *civil_weekday_name(int64_t seconds);

/* What moment_read() found. */
struct moment {
	int64_t at;      /* in UTC; where `local` is set, in a zone that the text does not name */
	bool local;
};

/*
 * Reads "2026-11-28T09:10Z", with seconds or without, a blank in place of T, and an offset ("+01:00") in place of Z,
 * or neither. False where it is no such time, or the calendar has no such day: nothing is guessed.
 */
bool moment_read(struct span text, struct moment *out);
/* Writes "2026-11-28T09:10:00Z"; with an offset of seconds other than 0, "2026-11-28T10:10:00+01:00". */
void moment_write(int64_t at, int32_t offset, char out[static MOMENT_ROOM]);

#endif
