#include "register/zone_rule.h"

#include "register/moment.h"

/* A number of at most three digits. */
static bool take_number(struct span *rest, int most, int *out)
{
	size_t digits = 0;
	*out = 0;
	while (digits < 3 && span_byte(*rest, digits) >= '0' && span_byte(*rest, digits) <= '9')
		*out = *out * 10 + (span_byte(*rest, digits++) - '0');
	*rest = span_from(*rest, digits);
	return digits > 0 && *out <= most;
}

static bool take_byte(struct span *rest, uint8_t byte)
{
	if (rest->size == 0 || span_byte(*rest, 0) != byte)
		return false;
	*rest = span_from(*rest, 1);
	return true;
}

static bool is_letter(uint8_t byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* "CET", or "<+0130>". */
static bool take_name(struct span *rest, struct span *out)
{
	size_t length = 0;
	if (take_byte(rest, '<')) {
		length = span_find_byte(*rest, '>', 0);
		if (length == SPAN_NOT_FOUND)
			return false;
		*out = span_slice(*rest, 0, length);
		*rest = span_from(*rest, length + 1);
		return length > 0;
	}
	while (is_letter(span_byte(*rest, length)))
		length++;
	*out = span_slice(*rest, 0, length);
	*rest = span_from(*rest, length);
	return length >= 3;
}

/* "[+-]h[:mm[:ss]]" in seconds. */
static bool take_time(struct span *rest, int32_t *out)
{
	int hours, minutes = 0, seconds = 0;
	bool negative = take_byte(rest, '-');
	if (!negative)
		(void)take_byte(rest, '+');
	if (!take_number(rest, 167, &hours))
		return false;
	if (take_byte(rest, ':') && !take_number(rest, 59, &minutes))
		return false;
	if (take_byte(rest, ':') && !take_number(rest, 59, &seconds))
		return false;
	*out = (negative ? -1 : 1) * (hours * MOMENT_HOUR + minutes * 60 + seconds);
	return true;
}

static bool take_day(struct span *rest, struct zone_day *out)
{
	*out = (struct zone_day){ .kind = ZONE_DAY_ZERO, .time = 2 * MOMENT_HOUR };
	if (!take_byte(rest, ','))
		return false;
	if (take_byte(rest, 'M')) {
		out->kind = ZONE_DAY_MONTH;
		if (!take_number(rest, 12, &out->month) || !take_byte(rest, '.') || !take_number(rest, 5, &out->week) ||
		    !take_byte(rest, '.') || !take_number(rest, 6, &out->weekday) || out->month == 0 || out->week == 0)
			return false;
	} else if (take_byte(rest, 'J')) {
		out->kind = ZONE_DAY_JULIAN;
		if (!take_number(rest, 365, &out->day) || out->day == 0)
			return false;
	} else if (!take_number(rest, 365, &out->day)) {
		return false;
	}
	return !take_byte(rest, '/') || take_time(rest, &out->time);
}

bool zone_rule_read(struct span text, struct zone_rule *out)
{
	struct span rest = text;
	int32_t west;
	*out = (struct zone_rule){ 0 };
	if (!take_name(&rest, &out->standard) || !take_time(&rest, &west))
		return false;
	out->standard_offset = -west;
	if (rest.size == 0)
		return true;
	if (!take_name(&rest, &out->summer))
		return false;
	out->summer_offset = out->standard_offset + MOMENT_HOUR;
	if (span_byte(rest, 0) != ',') {
		if (!take_time(&rest, &west))
			return false;
		out->summer_offset = -west;
	}
	return take_day(&rest, &out->start) && take_day(&rest, &out->end) && rest.size == 0;
}

/* Seconds since 1970 by the local clock. */
static int64_t day_of_year(const struct zone_day *day, int64_t year)
{
	int64_t first = civil_seconds((struct civil){ year, day->kind == ZONE_DAY_MONTH ? day->month : 1, 1, 0 });
	if (day->kind == ZONE_DAY_ZERO)
		return first + day->day * (int64_t)MOMENT_DAY + day->time;
	if (day->kind == ZONE_DAY_JULIAN) {
		bool past_leap_day = day->day > 59 && civil_month_days(year, 2) == 29;
		return first + (day->day - 1 + past_leap_day) * (int64_t)MOMENT_DAY + day->time;
	}
	int of_month = 1 + (day->weekday - civil_weekday(first) + 7) % 7 + (day->week - 1) * 7;
	while (of_month > civil_month_days(year, day->month))
		of_month -= 7;
	return first + (of_month - 1) * (int64_t)MOMENT_DAY + day->time;
}

/* The last change before it decides; of two at once the beginning, since summer time then holds all the year. */
bool zone_rule_is_summer(const struct zone_rule *rule, int64_t at)
{
	int64_t started = INT64_MIN, ended = INT64_MIN;
	if (rule->summer.size == 0)
		return false;
	int64_t year = civil_of(at + rule->standard_offset).year;
	for (int64_t one = year - 1; one <= year + 1; one++) {
		int64_t start = day_of_year(&rule->start, one) - rule->standard_offset;
		int64_t end = day_of_year(&rule->end, one) - rule->summer_offset;
		if (start <= at && start > started)
			started = start;
		if (end <= at && end > ended)
			ended = end;
	}
	return started >= ended;
}
