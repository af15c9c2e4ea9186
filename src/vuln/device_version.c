#include "vuln/device_version.h"

#include "inspect/lines.h"
#include "vuln/cpe.h"
#include "vuln/version.h"

struct span device_version(struct span words, struct arena *arena)
{
	struct buffer text;
	buffer_init(&text, VERSION_LENGTH_MAX, NULL);
	bool fits = cpe_append_plain(&text, span_trim(words)) == DONE;
	struct span version = fits ? arena_copy(arena, buffer_span(&text)) : SPAN_NONE;
	buffer_done(&text);
	if (span_starts_text(version, "fw"))
		version = span_from(version, 2);
	if (span_starts_text(version, "v"))
		version = span_from(version, 1);
	return version_plausible(version) ? version : SPAN_NONE;
}

/* Takes the numbers that it begins with off a version: "1.0.0.18" of "1.0.0.18_1.2". */
static struct span take_numbers(struct span *version)
{
	size_t at = 0;
	while (at < version->size && (is_digit(span_byte(*version, at)) || span_byte(*version, at) == '.'))
		at++;
	struct span numbers = span_slice(*version, 0, at);
	*version = span_from(*version, at);
	return numbers;
}

/* Takes what stands before the next number: "_build_" of "_build_230219". */
static struct span take_words(struct span *version)
{
	size_t at = 0;
	while (at < version->size && !is_digit(span_byte(*version, at)))
		at++;
	struct span words = span_slice(*version, 0, at);
	*version = span_from(*version, at);
	while (words.size > 0 && (span_byte(words, 0) == '_' || span_byte(words, 0) == '-'))
		words = span_from(words, 1); /* "1.04-b04", "1.04_b04" and "1.04b04" are one */
	return words;
}

static size_t fields_of(struct span numbers)
{
	size_t fields = 1;
	for (size_t i = 0; i < numbers.size; i++)
		fields += span_byte(numbers, i) == '.';
	return fields;
}

/* What stands behind a version that another one names without it: a build of the same. "b04" may as well be a beta. */
static bool is_build(struct span rest)
{
	return rest.size == 0 || span_starts_text(rest, "_build") || span_starts_text(rest, "_rel");
}

/* True where two groups of numbers have one form. */
static bool comparable(struct span own, struct span other)
{
	enum { SHORT = 4 }; /* one number of more digits is a date, or a count of another kind */
	bool date = own.size != other.size && (own.size >= SHORT || other.size >= SHORT);
	return fields_of(own) == fields_of(other) && !(fields_of(own) == 1 && date);
}

/*
 * *difference: as of version_compare(). False where they stand in no order. Both are groups of numbers with words between: one
 * after the other they must have the same form, up to the first that differs.
 */
static bool compare(struct span version, struct span bound, int *difference)
{
	*difference = 0;
	for (bool first = true; bound.size > 0; first = false) {
		struct span words = first ? SPAN_NONE : take_words(&version), other = first ? SPAN_NONE : take_words(&bound);
		struct span own_numbers = take_numbers(&version), numbers = take_numbers(&bound);
		if (!span_equal(words, other) || !comparable(own_numbers, numbers) || (own_numbers.size == 0) != (numbers.size == 0))
			return false;
		if (first && fields_of(numbers) == 1 && own_numbers.size != numbers.size)
			return false;
		*difference = numbers.size > 0 ? version_compare(ORDER_GENERIC, own_numbers, numbers) : 0;
		if (*difference != 0)
			return true;
	}
	return is_build(version);
}

enum device_place device_place(const struct range *range, struct span version)
{
	int difference;
	if (version.size == 0 || (range->start.size == 0 && range->end.size == 0))
		return DEVICE_OPEN;
	if (range->single) {
		bool ordered = compare(version, range->start, &difference);
		return ordered && difference == 0 ? DEVICE_IN : ordered ? DEVICE_UNLISTED : DEVICE_OPEN;
	}
	if (range->start.size > 0) {
		if (!compare(version, range->start, &difference))
			return DEVICE_OPEN;
		if (difference < 0 || (difference == 0 && range->start_excluded))
			return DEVICE_BEFORE;
	}
	if (range->end.size > 0) {
		if (!compare(version, range->end, &difference))
			return DEVICE_OPEN;
		if (difference > 0 || (difference == 0 && range->end_excluded))
			return DEVICE_AFTER;
	}
	return range->end.size > 0 ? DEVICE_IN : DEVICE_OPEN;
}

/* The number behind "build": a day, with two or four digits for the year. */
static struct span build_day(struct span version)
{
	size_t at = span_find_text(version, "build", 0);
	struct span rest = span_from(version, at == SPAN_NOT_FOUND ? version.size : at + strlen("build"));
	(void)take_words(&rest);
	struct span day = take_numbers(&rest);
	return day.size == 6 || day.size == 8 ? day : SPAN_NONE;
}

bool device_version_is_older_build(struct span version, struct span bound)
{
	struct span own = build_day(version), other = build_day(bound);
	return own.size > 0 && own.size == other.size && span_compare(own, other) < 0;
}
