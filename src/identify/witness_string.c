/*
 * Versions that stand alone: many programs keep theirs as one short string, printed
 * through a format. Such a string says nothing by itself, so it counts only in a
 * file known by other means, and only where no other string has its shape.
 */
#include "identify/shape.h"

#include "base/effort.h"
#include "identify/witness.h"

enum {
	STRING_MAX = 48,
	STRING_LEAST = 3, /* "1.5": most runs of code that happen to be printable are shorter */
};

static bool is_printable(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

/* Four numbers that start like an address of the Internet protocol rather than a version. */
static bool looks_like_address(struct span version)
{
	struct span rest = version, field;
	uint64_t first = 0, number, count = 0;
	while (span_next_field(&rest, '.', &field)) {
		if (!span_to_number(field, 255, &number))
			return false;
		first = count++ == 0 ? number : first;
	}
	return count == 4 && (first == 0 || first >= 8) && !span_starts_text(version, "0.4.");
}

/* Constants of floating point end in these bytes, and stand right before a string without a NUL between. */
static struct span without_constants(struct span run)
{
	struct span tail = run.size > STRING_MAX ? span_from(run, run.size - STRING_MAX) : run;
	for (size_t i = tail.size; i > 0; i--) {
		uint8_t byte = span_byte(tail, i - 1);
		if (byte == '?' || byte == '@' || byte == '>' || byte == '<' || byte == '[' || byte == '^')
			return span_from(tail, i);
	}
	return run;
}

static bool fits(const struct witness_rule *rule, struct span text, struct span *version)
{
	for (size_t i = 0; i < rule->shape_count; i++)
		if (shape_matches(rule->shapes[i], text, version) && !looks_like_address(*version))
			return true;
	return false;
}

/* Takes the next run of printable characters off *rest. */
static bool next_run(struct span *rest, struct span *run)
{
	size_t start = 0;
	while (start < rest->size && effort_at(start) && !is_printable(span_byte(*rest, start)))
		start++;
	size_t end = start;
	while (end < rest->size && effort_at(end) && is_printable(span_byte(*rest, end)))
		end++;
	*run = span_slice(*rest, start, end - start);
	*rest = span_from(*rest, end);
	return run->size > 0;
}

static bool next_string(struct span *rest, struct span *run)
{
	while (next_run(rest, run))
		if (run->size >= STRING_LEAST)
			return true;
	return false;
}

bool witness_find_string(const struct inspection *file, const struct witness_rule *rule, struct span *version,
			 struct span *text)
{
	struct span rest = file->bytes, run, found;
	bool any = false;
	while (next_string(&rest, &run)) {
		struct span candidate = run;
		if (!fits(rule, candidate, &found)) {
			candidate = without_constants(run);
			if (candidate.size == run.size || !fits(rule, candidate, &found))
				continue;
		}
		if (any && !span_equal(found, *version))
			return false;
		*version = found;
		*text = candidate;
		any = true;
	}
	return any;
}
