#include "inspect/encoded.h"

#include "base/effort.h"

enum {
	BYTES_LEAST = 1024,  /* a run of records that hold fewer is a table, or a digest */
	LINE_LEAST = 32,     /* characters of a line that is all code */
	TOKEN_LEAST = 1024,  /* characters of one token, in a line of whatever */
	RECORD_LEAST = 10,
};

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool is_hex(uint8_t c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
static bool is_base64(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '=';
}

static size_t run_of(struct span text, size_t at, bool (*is)(uint8_t))
{
	size_t from = at;
	while (at < text.size && effort_at(at) && is(span_byte(text, at)))
		at++;
	return at - from;
}

/* ":10…" and "S1…": nothing but hexadecimal digits behind the mark. */
static bool is_record(struct span line)
{
	uint8_t first = span_byte(line, 0);
	size_t mark = first == ':' ? 1 : first == 'S' && is_digit(span_byte(line, 1)) ? 2 : 0;
	return mark > 0 && line.size >= RECORD_LEAST && mark + run_of(line, mark, is_hex) == line.size;
}

/* A line of uuencode says its own length. */
static bool is_uuencoded(struct span line)
{
	uint8_t count = span_byte(line, 0);
	if (count <= ' ' || count > 'M' || line.size != 1 + ((size_t)(count - ' ') + 2) / 3 * 4)
		return false;
	for (size_t i = 0; i < line.size && effort_at(i); i++)
		if (span_byte(line, i) < ' ' || span_byte(line, i) > '`')
			return false;
	return line.size >= RECORD_LEAST;
}

/* "0x7f, 0x45, …": eight bytes or more, and little else. */
static bool is_array(struct span line)
{
	size_t bytes = 0;
	for (size_t at = 0; (at = span_find_text(line, "0x", at)) != SPAN_NOT_FOUND; at += 2) {
		size_t digits = run_of(line, at + 2, is_hex);
		bytes += digits > 0 && digits <= 2 ? 1 : 0;
	}
	return bytes >= 8 && bytes * 7 >= line.size;
}

/* Nothing but letters and digits of base64 or hexadecimal, both cases or many digits: no word is so long. */
static bool is_code(struct span line)
{
	return line.size >= LINE_LEAST && run_of(line, 0, is_base64) == line.size;
}

/* Blocks in armour that say what they are. */
static bool is_named_block(struct span line)
{
	static const char *const names[] = { "CERTIFICATE", " KEY", "PARAMETERS", "CRL", "PKCS7", "CMS", "SIGNATURE" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_find_text(line, names[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* The longest token of base64 in a line of other things, such as a member of a JSON document. */
static size_t longest_token(struct span line)
{
	size_t longest = 0;
	for (size_t at = 0; at < line.size && effort_at(at) && !effort_over(); at++) {
		size_t size = run_of(line, at, is_base64);
		struct span before = span_slice(line, at < 32 ? 0 : at - 32, at < 32 ? at : 32);
		bool picture = span_ends_text(before, ";base64,") && (span_find_text(before, "data:", 0) != SPAN_NOT_FOUND);
		if (size > longest && !picture)
			longest = size;
		at += size;
	}
	return longest;
}

/* Bytes that a line writes down, about; 0 where it is no record. */
static uint64_t bytes_of_line(struct span line)
{
	if (is_record(line))
		return line.size / 2;
	if (is_array(line))
		return line.size / 6;
	return is_uuencoded(line) || is_code(line) ? line.size * 3 / 4 : 0;
}

uint64_t encoded_bytes(struct span text)
{
	struct span rest = text, line;
	uint64_t total = 0, run = 0, held = 0; /* characters, and the bytes that those of a run hold */
	bool named = false;
	while (span_next_line(&rest, &line)) {
		line = span_trim(line);
		if (span_starts_text(line, "-----BEGIN "))
			named = is_named_block(line);
		uint64_t bytes = named ? 0 : bytes_of_line(line);
		if (span_starts_text(line, "-----END "))
			named = false;
		if (bytes > 0) {
			run += line.size + 1;
			held += bytes;
			continue;
		}
		total += held >= BYTES_LEAST ? run : 0;
		run = held = 0;
		if (line.size >= TOKEN_LEAST && !named) {
			size_t token = longest_token(line);
			total += token >= TOKEN_LEAST ? token : 0;
		}
	}
	total += held >= BYTES_LEAST ? run : 0;
	return total < text.size ? total : text.size;
}
