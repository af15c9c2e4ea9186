#include "identify/library_number.h"

#include "base/embedded.h"
#include "base/lookup.h"

bool library_number_find(struct span name, struct library_number *out)
{
	struct span rest;
	if (!lookup_line(embedded("libraries/numbers.tsv"), name, &rest))
		return false;
	size_t first = span_find_byte(rest, '\t', 0);
	size_t second = first == SPAN_NOT_FOUND ? SPAN_NOT_FOUND : span_find_byte(rest, '\t', first + 1);
	if (second == SPAN_NOT_FOUND)
		return false;
	out->component = span_slice(rest, 0, first);
	out->release = span_slice(rest, first + 1, second - first - 1);
	return true;
}
