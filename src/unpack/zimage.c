/*
 * zImage: Linux for ARM, a decompressor around the compressed kernel. Layout: Linux,
 * arch/arm/boot/compressed/head.S (a magic and the start and end addresses after
 * eight instructions).
 */
#include "base/cursor.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 0x30, SIZE_LEAST = 0x1000, SIZE_MOST = 256 * 1024 * 1024 };

static const uint32_t magic_word = 0x016F2818;

/* Size as the header states it; 0 where it cannot be one. */
static uint64_t stated_size(struct span bytes, bool *big_endian)
{
	struct cursor c = cursor_over(span_slice(bytes, 0x24, 12));
	*big_endian = span_byte(bytes, 0x24) == 0x01;
	c.big_endian = *big_endian;
	uint32_t word = cursor_u32(&c), start = cursor_u32(&c), end = cursor_u32(&c);
	bool sane = cursor_ok(&c) && word == magic_word && end > start && end - start >= SIZE_LEAST &&
		    end - start <= SIZE_MOST;
	return sane ? end - start : 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	bool big_endian;
	uint64_t size = stated_size(bytes, &big_endian);
	if (size == 0)
		return NOT_THIS;
	out->size = span_slice(bytes, 0, size).size;
	out->bits = 48;
	out->detail = arena_format(arena, "ARM, %s%s", big_endian ? "big-endian" : "little-endian",
				   out->size < size ? ", cut short" : "");
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	bool big_endian;
	uint64_t size = stated_size(volume->bytes, &big_endian);
	TRY(listing_add_part(out, volume->bytes, "payload", HEADER_SIZE, UINT64_MAX));
	return volume->bytes.size < size ? PARTIAL : DONE;
}

const struct unpacker unpacker_zimage = {
	.name = "zimage",
	.title = "Linux zImage",
	.role = ROLE_KERNEL,
	.magics = { MAGIC("\x18\x28\x6F\x01", 0x24), MAGIC("\x01\x6F\x28\x18", 0x24) },
	.measure = measure,
	.list = list,
};
