/*
 * The 32-byte "code pattern" before a TRX image, by which Linksys and kin tell boards
 * apart. Layout as OpenWrt's documentation of addpattern gives it.
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 32, PATTERN_SIZE = 4 };

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	struct span pattern = cursor_take(&c, PATTERN_SIZE);
	cursor_skip(&c, 4);
	uint8_t year = cursor_u8(&c), month = cursor_u8(&c), day = cursor_u8(&c);
	uint8_t major = cursor_u8(&c), minor = cursor_u8(&c), patch = cursor_u8(&c);
	struct span identity = cursor_take(&c, 4);
	cursor_skip(&c, 14);
	struct span inner = cursor_take(&c, 4);
	uint32_t inner_size = cursor_u32le(&c);
	if (!cursor_ok(&c) || field_text(pattern).size != PATTERN_SIZE ||
	    !span_equal_text(identity, "U2ND") ||
	    !span_equal_text(inner, "HDR0"))
		return NOT_THIS;
	out->size = span_slice(bytes, 0, HEADER_SIZE + (uint64_t)inner_size).size;
	out->bits = 64;
	out->label = arena_format(arena, "%.*s %u.%02u.%u", SPAN_FORMAT(pattern), major, minor, patch);
	out->detail = arena_format(arena, "code pattern %.*s, version %u.%u.%u, dated %u-%02u-%02u",
				   SPAN_FORMAT(pattern), major, minor, patch, 2000u + year, month, day);
	out->names.board = pattern;
	out->names.version = arena_format(arena, "%u.%02u.%u", major, minor, patch);
	out->names.dated = arena_format(arena, "%u-%02u-%02u", 2000u + year, month, day);
	return out->label.data && out->detail.data && out->names.version.data && out->names.dated.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	return listing_add_part(out, volume->bytes, "image", HEADER_SIZE, UINT64_MAX);
}

const struct unpacker unpacker_linksys = {
	.name = "linksys",
	.title = "Linksys code pattern",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("U2ND", 14) },
	.measure = measure,
	.list = list,
};
