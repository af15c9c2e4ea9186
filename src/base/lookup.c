#include "base/lookup.h"

static size_t line_start(struct span table, size_t at)
{
	while (at > 0 && span_byte(table, at - 1) != '\n')
		at--;
	return at;
}

bool lookup_line(struct span table, struct span key, struct span *rest)
{
	size_t low = 0, high = table.size;
	if (key.size == 0 || span_byte(key, 0) == '#')
		return false;
	while (low < high) {
		size_t start = line_start(table, low + (high - low) / 2);
		size_t end = span_find_byte(table, '\n', start);
		struct span line = span_slice(table, start, (end == SPAN_NOT_FOUND ? table.size : end) - start);
		size_t tab = span_find_byte(line, '\t', 0);
		int order = span_byte(line, 0) == '#' ? 1 : span_compare(key, span_slice(line, 0, tab));
		if (order == 0) {
			*rest = tab == SPAN_NOT_FOUND ? SPAN_NONE : span_from(line, tab + 1);
			return true;
		}
		if (order < 0)
			high = start;
		else
			low = start + line.size + 1;
	}
	return false;
}

bool lookup_next(struct span *table, struct span *line)
{
	while (span_next_line(table, line))
		if (line->size > 0 && span_byte(*line, 0) != '#')
			return true;
	return false;
}

struct span lookup_field(struct span *rest)
{
	struct span field;
	if (!span_next_field(rest, '\t', &field) || span_equal_text(field, "-"))
		return SPAN_NONE;
	return field;
}
