#include "base/json_escape.h"

struct reader {
	struct span text;
	size_t at;
	uint8_t *out;
	size_t length;
	const char *wrong;
};

static bool fail(struct reader *reader, const char *what)
{
	reader->wrong = what;
	return false;
}

static bool take(struct reader *reader, uint8_t byte)
{
	if (reader->at >= reader->text.size || span_byte(reader->text, reader->at) != byte)
		return false;
	reader->at++;
	return true;
}

static bool read_hex(struct reader *reader, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++, reader->at++) {
		int digit = reader->at < reader->text.size ? hex_digit(span_byte(reader->text, reader->at)) : -1;
		if (digit < 0)
			return fail(reader, "a \\u wants four hexadecimal digits");
		*out = *out * 16 + (uint32_t)digit;
	}
	return true;
}

static void put_utf8(struct reader *reader, uint32_t c)
{
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	reader->out[reader->length++] = (uint8_t)(lead[more] | c >> 6 * more);
	while (more-- > 0)
		reader->out[reader->length++] = (uint8_t)(0x80 | (c >> 6 * more & 0x3f));
}

static bool read_unicode(struct reader *reader)
{
	static const char half[] = "half of a character: a \\u of a pair is missing";
	uint32_t c, low;
	if (!read_hex(reader, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00) {
		if (!take(reader, '\\') || !take(reader, 'u') || !read_hex(reader, &low) || low < 0xdc00 || low > 0xdfff)
			return fail(reader, half);
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000) {
		return fail(reader, half);
	}
	put_utf8(reader, c);
	return true;
}

static bool read_escape(struct reader *reader)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	uint8_t c = span_byte(reader->text, reader->at);
	const char *found = c ? strchr(names, c) : NULL;
	reader->at++;
	if (c == 'u')
		return read_unicode(reader);
	if (!found)
		return fail(reader, "an escape that there is not in a string");
	reader->out[reader->length++] = (uint8_t)meanings[found - names];
	return true;
}

/* Marks (0x80) the bytes of a word that end a run of plain characters; the lowest mark is exact, those above may not be. */
static uint64_t marks_of(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
	return (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20) & ~word) | word) & tops;
}

size_t json_plain_end(struct span text, size_t at)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (uint64_t word; text.size - at >= sizeof word; at += sizeof word) {
		memcpy(&word, text.data + at, sizeof word);
		uint64_t marks = marks_of(word);
		if (marks != 0)
			return at + (size_t)__builtin_ctzll(marks) / 8;
	}
#endif
	for (uint8_t c; at < text.size; at++) {
		c = text.data[at];
		if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
			break;
	}
	return at;
}

const char *json_unescape(struct span text, uint8_t *out, size_t *length)
{
	struct reader reader = { .text = text, .out = out };
	while (reader.at < text.size) {
		size_t next = span_find_byte(text, '\\', reader.at);
		size_t plain = (next == SPAN_NOT_FOUND ? text.size : next) - reader.at;
		memcpy(out + reader.length, text.data + reader.at, plain);
		reader.length += plain;
		reader.at += plain;
		if (take(&reader, '\\') && !read_escape(&reader)) {
			*length = reader.at < text.size ? reader.at : text.size;
			return reader.wrong;
		}
	}
	*length = reader.length;
	return NULL;
}
