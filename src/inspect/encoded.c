#include "inspect/encoded.h"

#include "base/effort.h"

enum {
	BYTES_LEAST = 1024,  /* a run of records that hold fewer is a table, or a digest */
	LINE_LEAST = 32,     /* characters of a line that is all code */
	TOKEN_LEAST = 1024,  /* characters of one token, in a line of whatever */
	RECORD_LEAST = 10,
	NUMBERS_LEAST = 8,   /* bytes that a line of decimal numbers, or of escapes, writes down */
	VALUES_LEAST = 128,  /* different numbers of a run of them: a table has fewer, or counts up */
	MIXED_LEAST = 60,    /* characters of a line that has no blank … */
	MIXED_MOST = 256,
	MIXED_VALUES = 36,   /* … and so many different ones: words, paths and addresses have about 25 */
};

/* Lines that are records of other bytes, one after the other. */
struct run {
	uint64_t size, held; /* characters, and bytes that they write down */
	uint64_t numbers;    /* of these, bytes that stand there as decimal numbers */
	bool seen[256];      /* values of these */
};

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool is_hex(uint8_t c) { return hex_digit(c) >= 0; }
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

/* Bytes of a hexadecimal group of even length; 0 where it is none. */
static size_t bytes_of_group(struct span word)
{
	return word.size % 2 == 0 && word.size <= 16 && run_of(word, 0, is_hex) == word.size ? word.size / 2 : 0;
}

/* "00000010:" and the like before a row of a dump. */
static bool is_address(struct span word, struct span rest)
{
	size_t digits = run_of(word, 0, is_hex);
	bool colon = digits + 1 == word.size && span_byte(word, digits) == ':';
	return digits >= 4 && digits <= 16 && (colon || (digits == word.size && digits >= 7 && span_starts_text(rest, " ")));
}

static bool has_letter_digit(struct span line)
{
	for (size_t i = 0; i < line.size && effort_at(i); i++)
		if (is_hex(span_byte(line, i)) && !is_digit(span_byte(line, i)))
			return true;
	return false;
}

/*
 * Groups of hexadecimal digits: what xxd, hexdump and od write (an address before them, characters behind), TI-TXT, and
 * memories of Verilog. Decimal numbers look alike: a line without a letter counts only within a run.
 */
static size_t bytes_of_groups(struct span line, bool in_run)
{
	struct span rest = line, word = SPAN_NONE;
	size_t bytes = 0, all = 0;
	bool address = span_next_word(&rest, &word) && is_address(word, rest), ended = false;
	if (!address)
		rest = line;
	while (!ended && span_next_word(&rest, &word)) {
		size_t group = bytes_of_group(word);
		ended = group == 0;
		bytes += group;
		all += ended ? 0 : word.size;
	}
	if ((ended && !address) || bytes < 4 || (!address && bytes < 8 && all != line.size))
		return 0;
	return in_run || has_letter_digit(line) ? bytes : 0;
}

/* "\\x7f\\x45": bytes in a text of a program. */
static size_t bytes_of_escapes(struct span line)
{
	size_t bytes = 0;
	for (size_t at = 0; (at = span_find_text(line, "\\x", at)) != SPAN_NOT_FOUND; at += 2)
		bytes += run_of(span_slice(line, at + 2, 2), 0, is_hex) == 2;
	return bytes >= NUMBERS_LEAST && bytes * 5 >= line.size ? bytes : 0;
}

/* "127, 69, 76, 70, …": numbers of a byte, and little else. */
static size_t bytes_of_numbers(struct span line, struct run *run)
{
	bool seen[256] = { false };
	size_t bytes = 0, digits = 0;
	for (size_t at = 0; at < line.size && effort_at(at) && !effort_over(); at++) {
		size_t size = run_of(line, at, is_digit);
		unsigned value = 0;
		for (size_t i = 0; i < size && i < 4; i++)
			value = value * 10 + (span_byte(line, at + i) - '0');
		if (value > UINT8_MAX)
			return 0;
		seen[value] |= size > 0;
		bytes += size > 0;
		digits += size;
		at += size;
	}
	if (bytes < NUMBERS_LEAST || digits + 2 * bytes + 16 < line.size)
		return 0;
	for (size_t i = 0; i < 256; i++)
		run->seen[i] |= seen[i];
	return bytes;
}

/* Ascii85 and its kin: nearly all printable characters, and never a blank. */
static bool is_mixed(struct span line)
{
	bool seen[256] = { false };
	size_t values = 0;
	if (line.size < MIXED_LEAST || line.size > MIXED_MOST)
		return false;
	for (size_t i = 0; i < line.size && effort_at(i); i++) {
		uint8_t byte = span_byte(line, i);
		if (byte <= ' ' || byte >= 0x7f)
			return false;
		values += !seen[byte];
		seen[byte] = true;
	}
	return values >= MIXED_VALUES;
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
static uint64_t bytes_of_line(struct span line, struct run *run)
{
	if (is_record(line))
		return line.size / 2;
	if (is_array(line))
		return line.size / 6;
	if (is_uuencoded(line) || is_code(line) || is_mixed(line))
		return line.size * 3 / 4;
	size_t bytes = bytes_of_groups(line, run->held > run->numbers);
	if (bytes == 0)
		bytes = bytes_of_escapes(line);
	if (bytes > 0)
		return bytes;
	bytes = bytes_of_numbers(line, run);
	run->numbers += bytes;
	return bytes;
}

/* Characters of a run that counts; begins anew. */
static uint64_t end_run(struct run *run)
{
	size_t values = 0;
	for (size_t i = 0; i < 256; i++)
		values += run->seen[i];
	uint64_t held = run->held - (values < VALUES_LEAST ? run->numbers : 0), size = run->size;
	*run = (struct run){ 0 };
	return held >= BYTES_LEAST ? size : 0;
}

uint64_t encoded_bytes(struct span text)
{
	struct span rest = text, line;
	struct run run = { 0 };
	uint64_t total = 0;
	bool named = false;
	while (span_next_line(&rest, &line)) {
		line = span_trim(line);
		if (span_starts_text(line, "-----BEGIN "))
			named = is_named_block(line);
		uint64_t bytes = named ? 0 : bytes_of_line(line, &run);
		if (span_starts_text(line, "-----END "))
			named = false;
		if (bytes > 0) {
			run.size += line.size + 1;
			run.held += bytes;
			continue;
		}
		total += end_run(&run);
		if (line.size >= TOKEN_LEAST && !named) {
			size_t token = longest_token(line);
			total += token >= TOKEN_LEAST ? token : 0;
		}
	}
	total += end_run(&run);
	return total < text.size ? total : text.size;
}
