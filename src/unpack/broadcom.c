/*
 * The 256-byte tag of images for Broadcom DSL routers: numbers written in decimal
 * text, addresses of boot loader, root file system and kernel, and CRCs.
 * Layout: the OpenWrt wiki on "imagetag".
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { TAG_SIZE = 256, CHECKED_SIZE = 236 };

struct tag {
	struct span chip, board;
	uint64_t total, boot_size, root_size, kernel_size;
};

static uint64_t decimal(struct span field)
{
	uint64_t value = 0;
	return span_to_number(field_text(field), UINT32_MAX, &value) ? value : 0;
}

static bool read_tag(struct span bytes, struct tag *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 38); /* version, two signatures */
	out->chip = field_text(cursor_take(&c, 6));
	out->board = field_text(cursor_take(&c, 16));
	cursor_skip(&c, 2);
	out->total = decimal(cursor_take(&c, 10));
	cursor_skip(&c, 12);
	out->boot_size = decimal(cursor_take(&c, 10));
	cursor_skip(&c, 12);
	out->root_size = decimal(cursor_take(&c, 10));
	cursor_skip(&c, 12);
	out->kernel_size = decimal(cursor_take(&c, 10));
	cursor_seek(&c, CHECKED_SIZE);
	uint32_t crc = cursor_u32be(&c);
	return cursor_ok(&c) && ~digest_crc32(0, span_slice(bytes, 0, CHECKED_SIZE)) == crc && out->total > 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct tag tag;
	if (!read_tag(bytes, &tag))
		return NOT_THIS;
	out->size = span_slice(bytes, 0, TAG_SIZE + tag.total).size;
	out->bits = 184;
	out->label = tag.board;
	out->names.board = tag.board;
	out->detail = arena_format(arena, "board %.*s, chip %.*s, checksum holds", SPAN_FORMAT(tag.board),
				   SPAN_FORMAT(tag.chip));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct tag tag;
	if (!read_tag(volume->bytes, &tag))
		return MALFORMED;
	uint64_t root = TAG_SIZE + tag.boot_size, kernel = root + tag.root_size;
	if (tag.boot_size > 0)
		TRY(listing_add_part(out, volume->bytes, "boot", TAG_SIZE, tag.boot_size));
	if (tag.root_size > 0)
		TRY(listing_add_part(out, volume->bytes, "rootfs", root, tag.root_size));
	if (tag.kernel_size > 0)
		TRY(listing_add_part(out, volume->bytes, "kernel", kernel, tag.kernel_size));
	return volume->bytes.size < TAG_SIZE + tag.total ? PARTIAL : DONE;
}

const struct unpacker unpacker_broadcom = {
	.name = "broadcom-tag",
	.title = "Broadcom image tag",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("Broadcom Corporatio", 4) },
	.measure = measure,
	.list = list,
};
