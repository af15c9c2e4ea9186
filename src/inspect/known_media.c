/*
 * Where pictures and recordings end: PNG (ISO/IEC 15948), JPEG (ITU T.81), GIF89a, Windows icons, RIFF (WAV, AVI, WebP),
 * Ogg (RFC 3533), ISO base media (ISO/IEC 14496-12).
 */
#include "base/cursor.h"
#include "inspect/known.h"

uint64_t known_end_of_png(struct span bytes)
{
	struct cursor c = cursor_over_order(bytes, true);
	cursor_skip(&c, 8);
	while (cursor_ok(&c)) {
		uint32_t size = cursor_u32(&c);
		struct span type = cursor_take(&c, 4);
		cursor_skip(&c, (uint64_t)size + 4);
		if (cursor_ok(&c) && span_equal_text(type, "IEND"))
			return c.at;
	}
	return 0;
}

/* The next marker at or after `at` that ends the coded data of a scan: not a stuffed byte, not a restart. */
static size_t jpeg_marker(struct span bytes, size_t at)
{
	while ((at = span_find_byte(bytes, 0xff, at)) != SPAN_NOT_FOUND) {
		uint8_t marker = span_byte(bytes, at + 1);
		if (marker != 0 && marker != 0xff && (marker < 0xd0 || marker > 0xd7))
			return at;
		at++;
	}
	return SPAN_NOT_FOUND;
}

uint64_t known_end_of_jpeg(struct span bytes)
{
	enum { END = 0xd9, SCAN = 0xda };
	size_t at = 2;
	while ((at = jpeg_marker(bytes, at)) != SPAN_NOT_FOUND) {
		uint8_t marker = span_byte(bytes, at + 1);
		if (marker == END)
			return at + 2;
		size_t size = (size_t)span_byte(bytes, at + 2) << 8 | span_byte(bytes, at + 3);
		if (size < 2 || !span_covers(bytes, at + 2, size))
			return 0;
		at += 2 + size;
		if (marker != SCAN && span_byte(bytes, at) != 0xff)
			return 0;
	}
	return 0;
}

/* Passes over blocks of one length byte each, up to the empty one. */
static void gif_blocks(struct cursor *c)
{
	uint8_t size;
	while (cursor_ok(c) && (size = cursor_u8(c)) != 0)
		cursor_skip(c, size);
}

static uint64_t gif_colours(uint8_t flags)
{
	return flags & 0x80 ? UINT64_C(3) << ((flags & 7) + 1) : 0;
}

uint64_t known_end_of_gif(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 10);
	uint8_t flags = cursor_u8(&c);
	cursor_skip(&c, 2 + gif_colours(flags));
	while (cursor_ok(&c)) {
		uint8_t block = cursor_u8(&c);
		if (block == ';')
			return c.at;
		if (block == '!') {
			cursor_skip(&c, 1);
		} else if (block == ',') {
			cursor_skip(&c, 8);
			flags = cursor_u8(&c);
			cursor_skip(&c, gif_colours(flags) + 1);
		} else {
			return 0;
		}
		gif_blocks(&c);
	}
	return 0;
}

uint64_t known_end_of_icon(struct span bytes)
{
	enum { PICTURES_MOST = 64 };
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 4);
	uint16_t count = cursor_u16le(&c);
	uint64_t end = 0;
	for (uint16_t i = 0; i < count && count <= PICTURES_MOST; i++) {
		cursor_skip(&c, 8);
		uint64_t size = cursor_u32le(&c), offset = cursor_u32le(&c);
		end = offset + size > end ? offset + size : end;
	}
	return cursor_ok(&c) && end > 6 + 16u * count && end <= bytes.size ? end : 0;
}

uint64_t known_end_of_riff(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 4);
	uint64_t size = cursor_u32le(&c);
	return span_covers(bytes, 8, size) ? 8 + size : 0;
}

uint64_t known_end_of_ogg(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	uint64_t end = 0;
	while (span_has_at(bytes, c.at, SPAN_LITERAL("OggS"))) {
		cursor_skip(&c, 26);
		struct span lacing = cursor_take(&c, cursor_u8(&c));
		uint64_t size = 0;
		for (size_t i = 0; i < lacing.size; i++)
			size += span_byte(lacing, i);
		cursor_skip(&c, size);
		if (!cursor_ok(&c))
			break;
		end = c.at;
	}
	return end;
}

/* The type of a box is four letters, digits or spaces. */
static bool is_box_type(struct span type)
{
	for (size_t i = 0; i < type.size; i++) {
		uint8_t c = span_byte(type, i);
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == 0xa9))
			return false;
	}
	return type.size == 4;
}

uint64_t known_end_of_boxes(struct span bytes)
{
	uint64_t at = 0;
	while (at < bytes.size) {
		struct cursor c = cursor_over_order(span_from(bytes, at), true);
		uint64_t size = cursor_u32(&c);
		struct span type = cursor_take(&c, 4);
		if (size == 1)
			size = cursor_u64(&c);
		if (size == 0 && at > 0)
			size = bytes.size - at;
		if (!cursor_ok(&c) || !is_box_type(type) || size < 8 || !span_covers(bytes, at, size))
			break;
		at += size;
	}
	return at;
}
