#include "register/moment.h"

#include <stdio.h>

enum { DAYS_400_YEARS = 146097, DAYS_BEFORE_1970 = 719468, OFFSET_HOURS_MAX = 26 };

/* Days since 1970-01-01; years are taken to begin in March, so that the leap day is the last of one. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t shifted = year - (month <= 2);
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400, of_era = shifted - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * DAYS_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_BEFORE_1970;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

struct civil civil_of(int64_t seconds)
{
	int64_t day = floor_divide(seconds, MOMENT_DAY), shifted = day + DAYS_BEFORE_1970;
	int64_t era = floor_divide(shifted, DAYS_400_YEARS), of_era = shifted - era * DAYS_400_YEARS;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	return (struct civil){
		.year = year + era * 400 + (month >= 10),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.second = seconds - day * MOMENT_DAY,
	};
}

int64_t civil_seconds(struct civil civil)
{
	int64_t months = civil.year * 12 + civil.month - 1, year = floor_divide(months, 12);
	return (days_of(year, months - year * 12 + 1, 1) + civil.day - 1) * MOMENT_DAY + civil.second;
}

int civil_month_days(int64_t year, int month)
{
	int64_t first = civil_seconds((struct civil){ year, month, 1, 0 });
	int64_t next = civil_seconds((struct civil){ year, month + 1, 1, 0 });
	return (int)((next - first) / MOMENT_DAY);
}

int64_t civil_add_months(int64_t seconds, int64_t months)
{
	struct civil civil = civil_of(seconds), first = { civil.year + months / 12, civil.month + (int)(months % 12), 1, 0 };
	first = civil_of(civil_seconds(first));
	int last = civil_month_days(first.year, first.month);
	first.day = civil.day < last ? civil.day : last;
	first.second = civil.second;
	return civil_seconds(first);
}

int civil_weekday(int64_t seconds)
{
	int64_t day = floor_divide(seconds, MOMENT_DAY) + 4; /* 1970-01-01 was a Thursday */
	return (int)(day - floor_divide(day, 7) * 7);
}

const char *civil_weekday_name(int64_t seconds)
{
	static const char *const names[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
	return names[civil_weekday(seconds)];
}

/* Takes so many digits, and the byte before them where one is wanted. */
static bool take_number(struct span *rest, const char *before, size_t digits, int64_t *out)
{
	uint64_t number;
	size_t skip = before ? 1 : 0;
	if (before && (rest->size == 0 || !strchr(before, span_byte(*rest, 0))))
		return false;
	struct span part = span_slice(*rest, skip, digits);
	for (size_t i = 0; i < part.size; i++)
		if (span_byte(part, i) < '0' || span_byte(part, i) > '9')
			return false;
	if (part.size != digits || !span_to_number(part, 9999, &number))
		return false;
	*rest = span_from(*rest, skip + digits);
	*out = (int64_t)number;
	return true;
}

/* Z, an offset, or nothing. */
static bool take_zone(struct span rest, struct moment *out)
{
	int64_t hours, minutes;
	out->local = rest.size == 0;
	if (rest.size == 0 || span_equal_text(rest, "Z") || span_equal_text(rest, "z"))
		return true;
	bool west = span_byte(rest, 0) == '-';
	if (!take_number(&rest, "+-", 2, &hours))
		return false;
	if (!take_number(&rest, ":", 2, &minutes) && !take_number(&rest, NULL, 2, &minutes))
		return false;
	if (rest.size > 0 || hours > OFFSET_HOURS_MAX || minutes > 59)
		return false;
	out->at -= (west ? -1 : 1) * (hours * MOMENT_HOUR + minutes * 60);
	return true;
}

bool moment_read(struct span text, struct moment *out)
{
	struct span rest = text;
	int64_t year, month, day, hour, minute, second = 0;
	if (!take_number(&rest, NULL, 4, &year) || !take_number(&rest, "-", 2, &month) || !take_number(&rest, "-", 2, &day) ||
	    !take_number(&rest, "Tt ", 2, &hour) || !take_number(&rest, ":", 2, &minute))
		return false;
	if (span_byte(rest, 0) == ':' && !take_number(&rest, ":", 2, &second))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > civil_month_days(year, (int)month) || hour > 23 ||
	    minute > 59 || second > 59)
		return false;
	out->at = civil_seconds((struct civil){ year, (int)month, (int)day, hour * MOMENT_HOUR + minute * 60 + second });
	return take_zone(rest, out) && out->at >= 0 && out->at <= MOMENT_LAST;
}

void moment_write(int64_t at, int32_t offset, char out[static MOMENT_ROOM])
{
	struct civil civil = civil_of(at + offset);
	int minutes = (offset < 0 ? -offset : offset) / 60;
	char zone[8] = "Z";
	if (offset != 0)
		(void)snprintf(zone, sizeof zone, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
	(void)snprintf(out, MOMENT_ROOM, "%04lld-%02d-%02dT%02d:%02d:%02d%s", (long long)(civil.year % 10000), civil.month, civil.day,
		       (int)(civil.second / MOMENT_HOUR), (int)(civil.second / 60 % 60), (int)(civil.second % 60), zone);
}
