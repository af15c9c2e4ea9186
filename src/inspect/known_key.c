#include "inspect/known_key.h"

#include "base/embedded.h"

/* Start of the line that holds a place. */
static size_t line_start(struct span text, size_t at)
{
	while (at > 0 && span_byte(text, at - 1) != '\n')
		at--;
	return at;
}

/* The lines are sorted, each "fingerprint TAB origin"; the remarks at their head sort before all of them. */
struct span known_key_origin(struct span fingerprint)
{
	struct span table = embedded("inspect/known-keys.tsv");
	size_t low = 0, high = table.size;
	while (fingerprint.size > 0 && low < high) {
		size_t start = line_start(table, low + (high - low) / 2);
		struct span rest = span_from(table, start), line = SPAN_NONE, key = SPAN_NONE;
		size_t before = rest.size;
		if (!span_next_line(&rest, &line))
			break;
		struct span origin = line;
		(void)span_next_field(&origin, '\t', &key);
		if (span_equal(key, fingerprint))
			return origin;
		struct span shorter = span_slice(key, 0, fingerprint.size);
		bool above = shorter.size == fingerprint.size ? span_compare(shorter, fingerprint) < 0
							       : span_byte(key, 0) < span_byte(fingerprint, 0);
		if (above)
			low = start + (before - rest.size);
		else
			high = start;
	}
	return SPAN_NONE;
}
