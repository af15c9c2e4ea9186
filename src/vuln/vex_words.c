#include "vuln/vex_words.h"

#include <ctype.h>

#include "base/clock.h"

static const struct {
	const char *status, *openvex, *cyclonedx;
} statuses[] = {
	{ "affected", "affected", "exploitable" },
	{ "not affected", "not_affected", "not_affected" },
	{ "fixed", "fixed", "resolved" },
	{ "under review", "under_investigation", "in_triage" },
	/* Read, and never written. */
	{ "fixed", "fixed", "resolved_with_pedigree" },
	{ "not affected", "not_affected", "false_positive" },
};
enum { STATUSES = sizeof statuses / sizeof *statuses };

static const struct {
	const char *justification, *cyclonedx;
} justifications[] = {
	{ "vulnerable_code_not_present", "code_not_present" },
	{ "component_not_present", "code_not_present" },
	{ "vulnerable_code_not_in_execute_path", "code_not_reachable" },
	{ "vulnerable_code_cannot_be_controlled_by_adversary", "requires_environment" },
	{ "inline_mitigations_already_exist", "protected_by_mitigating_control" },
	/* Read, and never written. */
	{ "vulnerable_code_not_in_execute_path", "requires_configuration" },
	{ "vulnerable_code_not_in_execute_path", "requires_dependency" },
	{ "inline_mitigations_already_exist", "protected_by_compiler" },
	{ "inline_mitigations_already_exist", "protected_at_runtime" },
	{ "inline_mitigations_already_exist", "protected_at_perimeter" },
};
enum { JUSTIFICATIONS = sizeof justifications / sizeof *justifications };

const char *vex_status_named(struct span word)
{
	for (int i = 0; i < STATUSES; i++)
		if (span_equal_text(word, statuses[i].status))
			return statuses[i].status;
	return NULL;
}

const char *vex_status_of_openvex(struct span word)
{
	for (int i = 0; i < STATUSES; i++)
		if (span_equal_text(word, statuses[i].openvex))
			return statuses[i].status;
	return NULL;
}

const char *vex_status_of_cyclonedx(struct span word)
{
	for (int i = 0; i < STATUSES; i++)
		if (span_equal_text(word, statuses[i].cyclonedx))
			return statuses[i].status;
	return NULL;
}

const char *vex_openvex_status(struct span status)
{
	for (int i = 0; i < STATUSES; i++)
		if (span_equal_text(status, statuses[i].status))
			return statuses[i].openvex;
	return "under_investigation";
}

const char *vex_cyclonedx_state(struct span status)
{
	for (int i = 0; i < STATUSES; i++)
		if (span_equal_text(status, statuses[i].status))
			return statuses[i].cyclonedx;
	return "in_triage";
}

bool vex_is_justification(struct span word)
{
	return vex_cyclonedx_justification(word) != NULL;
}

const char *vex_justification_of_cyclonedx(struct span word)
{
	for (int i = 0; i < JUSTIFICATIONS; i++)
		if (span_equal_text(word, justifications[i].cyclonedx))
			return justifications[i].justification;
	return NULL;
}

const char *vex_cyclonedx_justification(struct span word)
{
	for (int i = 0; i < JUSTIFICATIONS; i++)
		if (span_equal_text(word, justifications[i].justification))
			return justifications[i].cyclonedx;
	return NULL;
}

/* Digits at a place; false where there are others, or too much. */
static bool number_at(struct span text, size_t at, size_t digits, uint64_t least, uint64_t most, int64_t *out)
{
	uint64_t number;
	if (!span_covers(text, at, digits) || !span_to_number(span_slice(text, at, digits), most, &number) || number < least)
		return false;
	*out = (int64_t)number;
	return true;
}

/* Days from 1970-01-01 in the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* "Z", "+02:00": seconds to take off. */
static bool read_zone(struct span text, int64_t *out)
{
	int64_t hours, minutes;
	*out = 0;
	if (text.size == 1 && (span_byte(text, 0) | 0x20) == 'z')
		return true;
	bool signed_zone = span_byte(text, 0) == '+' || span_byte(text, 0) == '-';
	if (!signed_zone || text.size != 6 || span_byte(text, 3) != ':' || !number_at(text, 1, 2, 0, 23, &hours) ||
	    !number_at(text, 4, 2, 0, 59, &minutes))
		return false;
	*out = (hours * 60 + minutes) * 60 * (span_byte(text, 0) == '-' ? -1 : 1);
	return true;
}

struct span vex_time(struct arena *arena, struct span text)
{
	static const int64_t lengths[] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t year, month, day, hour = 0, minute = 0, second = 0, zone = 0;
	if (!number_at(text, 0, 4, 1970, 9999, &year) || span_byte(text, 4) != '-' || !number_at(text, 5, 2, 1, 12, &month) ||
	    span_byte(text, 7) != '-' || !number_at(text, 8, 2, 1, 31, &day))
		return SPAN_NONE;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (day > lengths[month] + (month == 2 && leap))
		return SPAN_NONE;
	if (text.size > 10) {
		size_t at = 19;
		bool clock = (span_byte(text, 10) | 0x20) == 't' || span_byte(text, 10) == ' ';
		if (!clock || !number_at(text, 11, 2, 0, 23, &hour) || span_byte(text, 13) != ':' ||
		    !number_at(text, 14, 2, 0, 59, &minute) || span_byte(text, 16) != ':' ||
		    !number_at(text, 17, 2, 0, 60, &second))
			return SPAN_NONE;
		if (span_byte(text, at) == '.')
			for (at++; isdigit(span_byte(text, at)); at++)
				;
		if (!read_zone(span_from(text, at), &zone))
			return SPAN_NONE;
	}
	char written[21];
	clock_format_utc(((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - zone, written);
	return arena_format(arena, "%s", written);
}
