#include "register/csv.h"

/* A field in quotation marks, of which two stand for one. */
static enum outcome quoted(struct span *rest, uint32_t *line, struct arena *arena, struct span *field)
{
	uint8_t *text = arena_allocate(arena, rest->size, 1), *end = text;
	size_t at = 1;
	if (!text)
		return NO_MEMORY;
	for (;; at++) {
		if (at >= rest->size)
			return MALFORMED;
		uint8_t c = span_byte(*rest, at);
		if (c == '"' && span_byte(*rest, at + 1) != '"')
			break;
		at += c == '"';
		*line += c == '\n';
		*end++ = c;
	}
	*field = span_of(text, (size_t)(end - text));
	*rest = span_from(*rest, at + 1);
	return DONE;
}

static bool ends_field(uint8_t c)
{
	return c == ',' || c == '\n' || c == '\r';
}

static enum outcome plain(struct span *rest, struct span *field)
{
	size_t size = 0;
	for (; size < rest->size && !ends_field(span_byte(*rest, size)); size++)
		if (span_byte(*rest, size) == '"')
			return MALFORMED;
	*field = span_slice(*rest, 0, size);
	*rest = span_from(*rest, size);
	return DONE;
}

/* Takes what ends a line off *rest; false where something else stands there. */
static bool line_end(struct span *rest, uint32_t *line)
{
	size_t size = span_starts_text(*rest, "\r\n") ? 2 : span_starts_text(*rest, "\n") ? 1 : 0;
	*rest = span_from(*rest, size);
	*line += size > 0;
	return size > 0 || rest->size == 0;
}

enum outcome csv_next(struct span *rest, uint32_t *line, struct arena *arena, struct csv_row *row)
{
	if (*line <= 1 && span_starts_text(*rest, "\xef\xbb\xbf"))
		*rest = span_from(*rest, 3);
	while (rest->size > 0 && (span_byte(*rest, 0) == '\n' || span_starts_text(*rest, "\r\n")))
		(void)line_end(rest, line);
	row->count = 0;
	row->line = *line;
	if (rest->size == 0)
		return NOT_THIS;
	for (;;) {
		if (row->count == CSV_FIELDS_MAX)
			return MALFORMED;
		struct span *field = &row->fields[row->count++];
		TRY(span_byte(*rest, 0) == '"' ? quoted(rest, line, arena, field) : plain(rest, field));
		if (span_byte(*rest, 0) == ',' && rest->size > 0) {
			*rest = span_from(*rest, 1);
			continue;
		}
		return line_end(rest, line) ? DONE : MALFORMED;
	}
}
