#include "vuln/branch.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

struct span branch_of(struct span version, size_t fields)
{
	size_t start = span_byte(version, 0) == 'v', end = start;
	for (size_t field = 0; field < fields; field++) {
		size_t digit = field == 0 ? end : end + 1;
		if (field > 0 && span_byte(version, end) != '.')
			break;
		size_t after = digit;
		while (after < version.size && is_digit(span_byte(version, after)))
			after++;
		if (after == digit)
			break;
		end = after;
	}
	return span_slice(version, start, end - start);
}

bool branch_is_same(struct span a, struct span b, size_t fields)
{
	return span_equal(branch_of(a, fields), branch_of(b, fields));
}

bool branch_begins_with(struct span version, size_t fields)
{
	struct span branch = branch_of(version, fields);
	size_t start = span_byte(version, 0) == 'v';
	for (size_t i = start + branch.size; i < version.size; i++) {
		uint8_t byte = span_byte(version, i);
		bool whole = (byte == 'x' || byte == '*') && i + 1 == version.size;
		if (byte != '.' && byte != '0' && !whole)
			return false;
	}
	return branch.size > 0;
}

bool branch_has_release(struct span version, struct span release)
{
	uint8_t next = span_byte(release, version.size);
	return version.size > 0 && span_starts(release, version) && !(next >= '0' && next <= '9') && next != '.';
}
