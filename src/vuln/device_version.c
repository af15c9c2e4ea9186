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

/* "1.0.0.18" of "1.0.0.18_1.2". */
static struct span numbers_of(struct span version)
{
	size_t at = 0;
	while (at < version.size && (is_digit(span_byte(version, at)) || span_byte(version, at) == '.'))
		at++;
	return span_slice(version, 0, at);
}

static size_t fields_of(struct span numbers)
{
	size_t fields = 1;
	for (size_t i = 0; i < numbers.size; i++)
		fields += span_byte(numbers, i) == '.';
	return fields;
}

/* *difference: as of version_compare(). False where they stand in no order. */
static bool compare(struct span version, struct span bound, int *difference)
{
	struct span own = numbers_of(version), other = numbers_of(bound);
	*difference = 0;
	if (span_equal(version, bound))
		return true;
	if (fields_of(own) != fields_of(other) || (fields_of(own) == 1 && own.size != other.size))
		return false;
	*difference = version_compare(ORDER_GENERIC, own, other);
	return *difference != 0;
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
