#include "inspect/pem.h"

#include "base/effort.h"
#include "inspect/lines.h"

enum { LABEL_LIMIT = 64, BODY_LEAST = 16 };

static int base64_value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* White space, and what stands around the lines of a string in a source. */
static bool is_between(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '"' || c == '\'' || c == ',' || c == '\\';
}

static bool is_escape(struct span text, size_t at)
{
	uint8_t next = span_byte(text, at + 1);
	return span_byte(text, at) == '\\' && (next == 'n' || next == 'r' || next == 't');
}

struct span base64_decode(struct arena *arena, struct span text)
{
	uint8_t *out = ARENA_NEW(arena, uint8_t, text.size / 4 * 3 + 4);
	size_t size = 0;
	uint32_t bits = 0, held = 0;
	bool padding = false;
	for (size_t i = 0; out && i < text.size && effort_at(i); i++) {
		uint8_t c = span_byte(text, i);
		if (is_escape(text, i)) {
			i++;
			continue;
		}
		if (is_between(c))
			continue;
		if (c == '=') {
			padding = true;
			continue;
		}
		int value = base64_value(c);
		if (value < 0 || padding)
			return SPAN_NONE;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[size++] = (uint8_t)(bits >> held);
		}
	}
	return out ? span_of(out, size) : SPAN_NONE;
}

/* Headers ("Proc-Type: 4,ENCRYPTED", "Comment: …") stand before the Base64. */
static struct span without_headers(struct span body, bool *encrypted)
{
	struct span rest = body, line;
	while (rest.size > 0) {
		struct span before = rest;
		if (!span_next_line(&rest, &line))
			break;
		line = span_trim(line);
		bool header = span_find_byte(line, ':', 0) != SPAN_NOT_FOUND;
		if (span_find_text(line, "ENCRYPTED", 0) != SPAN_NOT_FOUND)
			*encrypted = true;
		if (!header && line.size > 0)
			return before;
	}
	return rest;
}

/* OpenPGP armour ends with a checksum on a line of its own: "=aBcD". */
static struct span without_checksum(struct span body)
{
	size_t at = span_find_text(body, "\n=", 0);
	return at == SPAN_NOT_FOUND ? body : span_slice(body, 0, at);
}

/* The END line that belongs to a label; SPAN_NOT_FOUND where there is none. */
static size_t find_end(struct span bytes, size_t from, struct span label, struct arena *arena)
{
	struct span end = arena_format(arena, "-----END %.*s-----", SPAN_FORMAT(label));
	/* A block that another one begins in has no end. */
	size_t next = span_find_text(bytes, "-----BEGIN ", from);
	struct span window = next == SPAN_NOT_FOUND ? bytes : span_slice(bytes, 0, next);
	return end.data ? span_find(window, end, from) : SPAN_NOT_FOUND;
}

static bool is_label(struct span label)
{
	for (size_t i = 0; i < label.size && effort_at(i); i++) {
		uint8_t c = span_byte(label, i);
		if (!(c >= 'A' && c <= 'Z') && !is_digit(c) && c != ' ')
			return false;
	}
	return label.size > 0 && label.size <= LABEL_LIMIT;
}

bool pem_next(struct span bytes, size_t *at, struct arena *arena, struct pem_block *out)
{
	static const char begin[] = "-----BEGIN ";
	for (;;) {
		size_t start = span_find_text(bytes, begin, *at);
		if (start == SPAN_NOT_FOUND)
			return false;
		size_t label_at = start + sizeof begin - 1;
		*at = label_at;
		size_t label_end = span_find_text(span_slice(bytes, 0, label_at + LABEL_LIMIT + 8), "-----", label_at);
		if (label_end == SPAN_NOT_FOUND)
			continue;
		struct span label = span_slice(bytes, label_at, label_end - label_at);
		size_t end = is_label(label) ? find_end(bytes, label_end, label, arena) : SPAN_NOT_FOUND;
		if (end == SPAN_NOT_FOUND)
			continue;
		*out = (struct pem_block){ .label = label, .offset = start };
		out->encrypted = span_starts_text(label, "ENCRYPTED");
		struct span body = span_slice(bytes, label_end + 5, end - label_end - 5);
		body = without_checksum(without_headers(body, &out->encrypted));
		out->der = base64_decode(arena, body);
		if (out->der.size < BODY_LEAST)
			continue;
		*at = end;
		return true;
	}
}
