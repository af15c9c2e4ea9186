#include "inspect/lines.h"

#include "base/effort.h"

struct lines lines_over(struct span text)
{
	return (struct lines){ .text = text };
}

bool lines_next(struct lines *lines, struct span *line)
{
	if (lines->next >= lines->text.size || effort_over())
		return false;
	size_t end = span_find_byte(lines->text, '\n', lines->next);
	if (end == SPAN_NOT_FOUND)
		end = lines->text.size;
	*line = span_trim(span_slice(lines->text, lines->next, end - lines->next));
	lines->offset = lines->next;
	lines->next = end + 1;
	lines->number++;
	return true;
}

bool lines_next_setting(struct lines *lines, struct span *line)
{
	while (lines_next(lines, line)) {
		uint8_t first = span_byte(*line, 0);
		if (line->size > 0 && first != '#' && first != ';' && !span_starts_text(*line, "//"))
			return true;
	}
	return false;
}

/* Takes the backslash off the end; false where there is none. */
static bool goes_on(struct span *line)
{
	if (line->size == 0 || span_byte(*line, line->size - 1) != '\\')
		return false;
	*line = span_slice(*line, 0, line->size - 1);
	return true;
}

/* The pieces are put together once, since there may be very many. */
bool lines_next_joined(struct lines *lines, struct arena *arena, struct span *line, int64_t *number)
{
	if (!lines_next_setting(lines, line))
		return false;
	*number = lines->number;
	if (!goes_on(line))
		return true;
	struct lines first = *lines;
	struct span piece = *line;
	while (lines_next(lines, &piece) && goes_on(&piece))
		;
	size_t most = lines->next - (size_t)first.offset + 1, size = 0;
	uint8_t *joined = ARENA_NEW(arena, uint8_t, most);
	struct lines again = { .text = span_slice(first.text, 0, lines->next), .next = (size_t)first.offset };
	while (joined && lines_next(&again, &piece)) {
		(void)goes_on(&piece);
		if (piece.size > 0)
			memcpy(joined + size, piece.data, piece.size);
		size += piece.size;
		joined[size++] = ' ';
	}
	*line = joined ? span_trim(span_of(joined, size)) : SPAN_NONE;
	return joined != NULL;
}

struct span unquoted(struct span text)
{
	uint8_t first = span_byte(text, 0);
	if (text.size >= 2 && (first == '"' || first == '\'') && span_byte(text, text.size - 1) == first)
		return span_slice(text, 1, text.size - 2);
	return text;
}

bool setting_split(struct span line, struct span *name, struct span *value)
{
	size_t at = 0;
	while (at < line.size && effort_at(at)) {
		uint8_t c = span_byte(line, at);
		if (c == '=' || c == ':' || c == ' ' || c == '\t')
			break;
		at++;
	}
	*name = span_slice(line, 0, at);
	struct span rest = span_trim(span_from(line, at));
	if (rest.size > 0 && (span_byte(rest, 0) == '=' || span_byte(rest, 0) == ':'))
		rest = span_trim(span_from(rest, 1));
	*value = unquoted(rest);
	return name->size > 0 && at < line.size && rest.size > 0;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool caseless_at(struct span s, size_t at, struct span needle)
{
	for (size_t i = 0; i < needle.size && effort_at(i); i++)
		if (lower(span_byte(s, at + i)) != lower(span_byte(needle, i)))
			return false;
	return true;
}

bool equal_span_caseless(struct span a, struct span b)
{
	return a.size == b.size && caseless_at(a, 0, b);
}

bool contains_span_caseless(struct span s, struct span needle)
{
	for (size_t at = 0; at + needle.size <= s.size && effort_at(at); at++)
		if (caseless_at(s, at, needle))
			return true;
	return false;
}

bool equal_caseless(struct span a, const char *text)
{
	return equal_span_caseless(a, span_of_text(text));
}

bool contains_caseless(struct span s, const char *needle)
{
	return contains_span_caseless(s, span_of_text(needle));
}

bool is_one_of(struct span s, const char *const *words)
{
	for (; *words; words++)
		if (span_equal_text(s, *words))
			return true;
	return false;
}

bool path_has_folder_named(struct span path, struct span folder)
{
	struct span part;
	while (span_next_field(&path, '/', &part))
		if (path.size > 0 && span_equal(part, folder))
			return true;
	return false;
}

bool path_has_folder(struct span path, const char *folder)
{
	return path_has_folder_named(path, span_of_text(folder));
}

bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

bool is_alnum(uint8_t c)
{
	return is_letter(c) || is_digit(c);
}

size_t count_digits(struct span s)
{
	size_t digits = 0;
	for (size_t i = 0; i < s.size; i++)
		digits += is_digit(span_byte(s, i));
	return digits;
}
