#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t clock_monotonic_ms(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_report_time(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	if (fixed && *fixed) {
		char *end = NULL;
		long long seconds = strtoll(fixed, &end, 10);
		if (*end == '\0' && seconds >= 0)
			return seconds;
	}
	return (int64_t)time(NULL);
}

int64_t clock_latest_time(void)
{
	int64_t report = clock_report_time(), now = (int64_t)time(NULL);
	return report > now ? report : now;
}

void clock_format_utc(int64_t seconds, char out[static 21])
{
	time_t when = (time_t)seconds;
	struct tm parts;
	if (!gmtime_r(&when, &parts) || strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		memcpy(out, "1970-01-01T00:00:00Z", 21);
}

bool clock_is_day(struct span text)
{
	static const char form[] = "dddd-dd-dd";
	if (text.size != sizeof form - 1)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t byte = span_byte(text, i);
		if (form[i] == 'd' ? byte < '0' || byte > '9' : byte != '-')
			return false;
	}
	return true;
}

unsigned clock_month(struct span word)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	for (unsigned i = 0; i < sizeof months / sizeof *months; i++)
		if (span_equal_text(word, months[i]))
			return i + 1;
	return 0;
}
