/*
 * Realtek's SDK images: sections, each with a 16-byte big-endian header (signature,
 * load address, flash address, size) and 16-bit words that add up to zero.
 * Layout: rtl819x SDK, "imghdr".
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 16, SECTIONS_MAX = 32, SECTION_MIN = 16 };

struct section {
	const char *name;
	uint32_t load, flash, size;
};

static const struct {
	const char *signature, *name;
} signatures[] = {
	{ "cs6c", "kernel" }, { "cr6c", "kernel" }, { "csys", "kernel" }, { "csro", "kernel" },
	{ "r6cr", "rootfs" }, { "boot", "boot" }, { "ALL1", "all" }, { "ALL2", "all" },
};

static uint16_t word_sum(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	uint32_t sum = 0;
	while (cursor_left(&c) >= 2)
		sum += cursor_u16be(&c);
	return (uint16_t)sum;
}

static bool read_section(struct span bytes, struct section *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	struct span signature = cursor_take(&c, 4);
	out->load = cursor_u32(&c);
	out->flash = cursor_u32(&c);
	out->size = cursor_u32(&c);
	out->name = NULL;
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
		if (span_equal_text(signature, signatures[i].signature))
			out->name = signatures[i].name;
	return cursor_ok(&c) && out->name && out->size >= SECTION_MIN && out->size % 2 == 0 &&
	       span_covers(bytes, HEADER_SIZE, out->size) &&
	       word_sum(span_slice(bytes, HEADER_SIZE, out->size)) == 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct section first, next;
	if (!read_section(bytes, &first) ||
	    field_is_filled(span_slice(bytes, HEADER_SIZE, first.size), 0)) {
		out->effort = first.size < bytes.size ? first.size : 0;
		return NOT_THIS;
	}
	uint64_t end = HEADER_SIZE + (uint64_t)first.size;
	uint32_t count = 1;
	while (count < SECTIONS_MAX && read_section(span_from(bytes, end), &next)) {
		end += HEADER_SIZE + (uint64_t)next.size;
		count++;
	}
	out->size = end;
	out->bits = 32 + 16 * count;
	out->detail = arena_format(arena, "%u sections, load 0x%08x, flash 0x%08x, sums hold", count,
				   first.load,
				   first.flash);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct section section;
	uint64_t at = 0;
	while (at < volume->bytes.size && read_section(span_from(volume->bytes, at), &section)) {
		/* The last word is the checksum. */
		TRY(listing_add_part(out, volume->bytes, section.name, at + HEADER_SIZE, section.size - 2));
		at += HEADER_SIZE + (uint64_t)section.size;
	}
	return DONE;
}

const struct unpacker unpacker_realtek = {
	.name = "realtek",
	.title = "Realtek firmware image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("cs6c", 0), MAGIC("cr6c", 0), MAGIC("csys", 0), MAGIC("csro", 0),
		    MAGIC("r6cr", 0) },
	.measure = measure,
	.list = list,
};
