#define _GNU_SOURCE /* memmem, memrchr */
#include "base/span.h"

#include <stdlib.h>

#include "base/effort.h"

/* Bytes that memcmp, memchr and memmem go over in one unit of effort. */
enum { BYTES_PER_UNIT = 8 };

/* Spends what going over that many bytes costs; false where nothing is done any more. */
static bool go_over(size_t bytes)
{
	return effort_spend(1 + bytes / BYTES_PER_UNIT);
}

/* memcmp() in pieces; 1 where nothing is done any more. */
static int compare(const uint8_t *a, const uint8_t *b, size_t size)
{
	int order = 0;
	for (size_t at = 0, piece; at < size && order == 0; at += piece) {
		piece = effort_piece(size - at);
		order = go_over(piece) ? memcmp(a + at, b + at, piece) : 1;
	}
	return order;
}

bool span_equal(struct span a, struct span b)
{
	return a.size == b.size && compare(a.data, b.data, a.size) == 0;
}

/* Words are compared with long lists of words: most differ in their first letter already. */
static bool first_differs(struct span s, const char *text)
{
	return s.size > 0 && text && s.data[0] != (uint8_t)*text;
}

bool span_equal_text(struct span a, const char *text)
{
	return !first_differs(a, text) && span_equal(a, span_of_text(text));
}

int span_compare(struct span a, struct span b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order = compare(a.data, b.data, common);
	if (order != 0)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

bool span_starts(struct span s, struct span prefix)
{
	return span_has_at(s, 0, prefix);
}

bool span_ends(struct span s, struct span suffix)
{
	return s.size >= suffix.size && span_has_at(s, s.size - suffix.size, suffix);
}

bool span_starts_text(struct span s, const char *prefix)
{
	bool differs = first_differs(s, prefix) && *prefix != '\0';
	return !differs && span_starts(s, span_of_text(prefix));
}

bool span_ends_text(struct span s, const char *suffix)
{
	return span_ends(s, span_of_text(suffix));
}

bool span_has_at(struct span s, uint64_t offset, struct span bytes)
{
	return span_covers(s, offset, bytes.size) && compare(s.data + offset, bytes.data, bytes.size) == 0;
}

size_t span_find(struct span s, struct span needle, size_t from)
{
	if (from > s.size || needle.size > s.size - from)
		return SPAN_NOT_FOUND;
	if (needle.size == 0)
		return from;
	/* Each piece has the starts that are looked at, and what a needle needs behind the last of them. */
	size_t starts = s.size - needle.size + 1;
	for (size_t at = from, piece; at < starts; at += piece) {
		piece = effort_piece(starts - at);
		const uint8_t *hit = memmem(s.data + at, piece + needle.size - 1, needle.data, needle.size);
		size_t found = hit ? (size_t)(hit - s.data) : SPAN_NOT_FOUND;
		bool goes_on = go_over(hit ? found - at : piece + needle.size - 1);
		if (hit || !goes_on)
			return goes_on ? found : SPAN_NOT_FOUND;
	}
	return SPAN_NOT_FOUND;
}

size_t span_find_text(struct span s, const char *needle, size_t from)
{
	return span_find(s, span_of_text(needle), from);
}

size_t span_find_byte(struct span s, uint8_t byte, size_t from)
{
	for (size_t at = from, piece; at < s.size; at += piece) {
		piece = effort_piece(s.size - at);
		const uint8_t *hit = memchr(s.data + at, byte, piece);
		size_t found = hit ? (size_t)(hit - s.data) : SPAN_NOT_FOUND;
		bool goes_on = go_over(hit ? found - at : piece);
		if (hit || !goes_on)
			return goes_on ? found : SPAN_NOT_FOUND;
	}
	return SPAN_NOT_FOUND;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct span span_trim(struct span s)
{
	while (s.size > 0 && is_blank(s.data[0]) && effort_at(s.size))
		s = span_from(s, 1);
	while (s.size > 0 && is_blank(s.data[s.size - 1]) && effort_at(s.size))
		s.size--;
	return s;
}

struct span span_until_nul(struct span s)
{
	size_t end = span_find_byte(s, 0, 0);
	return end == SPAN_NOT_FOUND ? s : span_slice(s, 0, end);
}

struct span span_basename(struct span path)
{
	while (path.size > 1 && path.data[path.size - 1] == '/')
		path.size--;
	const uint8_t *slash = path.size ? memrchr(path.data, '/', path.size) : NULL;
	return slash ? span_from(path, (size_t)(slash - path.data) + 1) : path;
}

bool span_next_line(struct span *rest, struct span *line)
{
	if (!span_next_field(rest, '\n', line))
		return false;
	if (line->size > 0 && line->data[line->size - 1] == '\r')
		line->size--;
	return true;
}

bool span_next_field(struct span *rest, uint8_t separator, struct span *field)
{
	if (rest->size == 0)
		return false;
	size_t end = span_find_byte(*rest, separator, 0);
	if (end == SPAN_NOT_FOUND) {
		*field = *rest;
		*rest = span_from(*rest, rest->size);
		return true;
	}
	*field = span_slice(*rest, 0, end);
	*rest = span_from(*rest, end + 1);
	return true;
}

bool span_next_word(struct span *rest, struct span *word)
{
	size_t start = 0;
	while (start < rest->size && is_blank(rest->data[start]) && effort_at(start))
		start++;
	size_t end = start;
	while (end < rest->size && !is_blank(rest->data[end]) && effort_at(end))
		end++;
	*word = span_slice(*rest, start, end - start);
	*rest = span_from(*rest, end);
	return word->size > 0;
}

bool span_has_word(struct span words, struct span wanted)
{
	struct span word;
	while (span_next_word(&words, &word))
		if (span_equal(word, wanted))
			return true;
	return false;
}

bool span_to_number(struct span s, uint64_t maximum, uint64_t *out)
{
	uint64_t value = 0;
	if (s.size == 0)
		return false;
	for (size_t i = 0; i < s.size; i++) {
		uint8_t c = s.data[i];
		if (c < '0' || c > '9')
			return false;
		uint64_t digit = (uint64_t)(c - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > maximum)
		return false;
	*out = value;
	return true;
}

uint64_t span_hash(struct span s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < s.size; i++)
		hash = (hash ^ s.data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

int hex_digit(uint8_t c)
{
	uint8_t letter = c | 0x20;
	if (c >= '0' && c <= '9')
		return c - '0';
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool span_to_decimal(struct span s, double *out)
{
	char text[32], *end;
	if (s.size == 0 || s.size >= sizeof text)
		return false;
	memcpy(text, s.data, s.size);
	text[s.size] = 0;
	*out = strtod(text, &end);
	return end == text + s.size;
}
