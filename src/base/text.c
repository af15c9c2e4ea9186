#include "base/text.h"

static bool is_continuation(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
size_t text_utf8_length(struct span text)
{
	uint8_t lead = span_byte(text, 0), second = span_byte(text, 1);
	if (text.size == 0)
		return 0;
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return text.size >= 2 && is_continuation(second) ? 2 : 0;
	if (lead >= 0xe0 && lead <= 0xef) {
		bool sound = text.size >= 3 && is_continuation(second) && is_continuation(span_byte(text, 2));
		bool overlong = lead == 0xe0 && second < 0xa0;
		bool surrogate = lead == 0xed && second > 0x9f;
		return sound && !overlong && !surrogate ? 3 : 0;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		bool sound = text.size >= 4 && is_continuation(second) && is_continuation(span_byte(text, 2)) &&
			     is_continuation(span_byte(text, 3));
		bool overlong = lead == 0xf0 && second < 0x90;
		bool beyond = lead == 0xf4 && second > 0x8f;
		return sound && !overlong && !beyond ? 4 : 0;
	}
	return 0;
}

size_t text_utf8_count(struct span text)
{
	size_t count = 0;
	while (text.size > 0) {
		size_t length = text_utf8_length(text);
		text = span_from(text, length > 0 ? length : 1);
		count++;
	}
	return count;
}

struct span text_printable(struct arena *arena, struct span text)
{
	static const struct span replacement = { (const uint8_t *)"\xef\xbf\xbd", 3 };
	text = span_until_nul(text);
	if (text.size > SIZE_MAX / 4)
		return SPAN_NONE;
	uint8_t *out = arena_allocate(arena, text.size * 3 + 1, 1);
	size_t size = 0;
	if (!out)
		return SPAN_NONE;
	while (text.size > 0) {
		size_t length = text_utf8_length(text);
		uint8_t first = text.data[0];
		if (length == 1 && (first < 0x20 || first == 0x7f)) {
			out[size++] = first == '\t' || first == '\n' || first == '\r' ? ' ' : '?';
		} else if (length > 0) {
			memcpy(out + size, text.data, length);
			size += length;
		} else {
			memcpy(out + size, replacement.data, replacement.size);
			size += replacement.size;
			length = 1;
		}
		text = span_from(text, length);
	}
	return span_of(out, size);
}
