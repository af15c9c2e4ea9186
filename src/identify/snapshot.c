#include "identify/snapshot.h"

static bool is_number_between(struct span digits, uint64_t least, uint64_t most)
{
	uint64_t number;
	return span_to_number(digits, most, &number) && number >= least;
}

bool snapshot_is(enum version_order order, struct span version)
{
	bool dashes = span_byte(version, 4) == '-' && span_byte(version, 7) == '-';
	size_t month = dashes ? 5 : 4, day = dashes ? 8 : 6;
	return order != ORDER_DATE && version.size == day + 2 && is_number_between(span_slice(version, 0, 4), 1990, 2099) &&
	       is_number_between(span_slice(version, month, 2), 1, 12) &&
	       is_number_between(span_slice(version, day, 2), 1, 31);
}
