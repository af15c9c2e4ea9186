/* Finds the value behind a word, in the forms in which files name devices. */
#include "identify/identity.h"

#include "inspect/lines.h"

enum { VALUE_MOST = 80, LINE_MOST = 512 };

static bool is_word_byte(uint8_t c)
{
	return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static bool stands_alone(struct span text, size_t at, size_t size)
{
	return (at == 0 || !is_word_byte(span_byte(text, at - 1))) && !is_word_byte(span_byte(text, at + size));
}

static struct span up_to_any(struct span rest, const char *ends)
{
	size_t size = 0;
	rest = span_slice(rest, 0, LINE_MOST);
	while (size < rest.size && span_find_byte(span_of_text(ends), span_byte(rest, size), 0) == SPAN_NOT_FOUND)
		size++;
	return span_trim(span_slice(rest, 0, size));
}

/* <Name>value</Name>, or the attribute v or value of <Name …>. */
static struct span element_value(struct span rest)
{
	if (span_byte(rest, 0) == '>')
		return up_to_any(span_from(rest, 1), "<");
	static const char *const attributes[] = { " v=\"", " value=\"" };
	struct span tag = up_to_any(rest, ">");
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		size_t at = span_find_text(tag, attributes[i], 0);
		if (at != SPAN_NOT_FOUND)
			return up_to_any(span_from(tag, at + strlen(attributes[i])), "\"");
	}
	return SPAN_NONE;
}

/* The rest of the line, as it is, as far as a value can stand on it. */
static struct span rest_of_line(struct span rest)
{
	rest = span_slice(rest, 0, LINE_MOST);
	size_t end = span_find_byte(rest, '\n', 0);
	return end == SPAN_NOT_FOUND ? rest : span_slice(rest, 0, end);
}

static bool is_comment(struct span text, size_t at)
{
	size_t start = at;
	while (start > 0 && at - start < LINE_MOST && span_byte(text, start - 1) != '\n')
		start--;
	return span_byte(span_trim(span_slice(text, start, at - start)), 0) == '#';
}

/* What stands behind a word on its line: after '=' or ':' or blanks, with or without quotes. */
static struct span plain_value(struct span rest)
{
	size_t at = 0;
	rest = rest_of_line(rest);
	if (span_byte(rest, 0) == '"' || span_byte(rest, 0) == '\'')
		at++; /* the end of a quoted name */
	while (at < rest.size && span_find_byte(SPAN_LITERAL(" \t=:"), span_byte(rest, at), 0) != SPAN_NOT_FOUND)
		at++;
	rest = span_from(rest, at);
	uint8_t first = span_byte(rest, 0);
	if (first == '"' || first == '\'')
		return up_to_any(span_from(rest, 1), first == '"' ? "\"" : "'");
	return up_to_any(rest, "<>\";{}");
}

bool identity_plausible(struct span value)
{
	if (value.size == 0 || value.size > VALUE_MOST || !is_alnum(span_byte(value, 0)))
		return false;
	for (size_t i = 0; i < value.size; i++) {
		uint8_t c = span_byte(value, i);
		if (c < 0x20 || c == 0x7F || span_find_byte(SPAN_LITERAL("<>{}$%\\`|"), c, 0) != SPAN_NOT_FOUND)
			return false;
	}
	return !equal_caseless(value, "unknown") && !equal_caseless(value, "none") &&
	       !equal_caseless(value, "null") && !equal_caseless(value, "generic") && !equal_caseless(value, "default");
}

struct span identity_banner(struct span line, struct span word)
{
	line = span_trim(line);
	if (!span_starts(line, word) || is_word_byte(span_byte(line, word.size)))
		return SPAN_NONE;
	size_t end = word.size;
	while (end < line.size && span_find_byte(SPAN_LITERAL(",([\\"), span_byte(line, end), 0) == SPAN_NOT_FOUND &&
	       !span_has_at(line, end, SPAN_LITERAL("  ")) && !span_has_at(line, end, SPAN_LITERAL(" -")))
		end++;
	struct span value = span_trim(span_slice(line, 0, end));
	return value.size > word.size && identity_plausible(value) ? value : SPAN_NONE;
}

struct span identity_value(struct span text, struct span word, int64_t *line)
{
	for (size_t at = 0; (at = span_find(text, word, at)) != SPAN_NOT_FOUND; at += word.size) {
		if (!stands_alone(text, at, word.size) || is_comment(text, at))
			continue;
		struct span rest = span_from(text, at + word.size);
		bool element = at > 0 && span_byte(text, at - 1) == '<';
		struct span value = element ? element_value(rest) : plain_value(rest);
		if (!identity_plausible(value))
			continue;
		if (line)
			*line = inspection_line(NULL, text, at);
		return value;
	}
	return SPAN_NONE;
}
