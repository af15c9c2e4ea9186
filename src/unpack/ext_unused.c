/* The blocks that no file has, by the bitmap of each group (Linux Documentation/filesystems/ext4/bitmaps.rst). */
#include "base/cursor.h"
#include "unpack/ext.h"

enum {
	FLAGS_AT = 0x12,
	BITMAP_HIGH_AT = 0x20,
	FLAG_NO_BITMAP = 0x2, /* the group was never used: its bitmap was not written */
	READ_ONLY_GROUP_CHECKSUMS = 0x10 | 0x400,
};

struct group {
	uint64_t bitmap; /* block */
	uint16_t flags;
};

static bool read_group(const struct ext *ext, uint32_t number, struct group *out)
{
	struct cursor c = cursor_over(span_slice(ext->bytes, ext_find_descriptor(ext, number), ext->descriptor_size));
	out->bitmap = cursor_u32le(&c);
	cursor_seek(&c, FLAGS_AT);
	out->flags = ext->read_only_compatible & READ_ONLY_GROUP_CHECKSUMS ? cursor_u16le(&c) : 0;
	if (ext->descriptor_size >= 64) {
		cursor_seek(&c, BITMAP_HIGH_AT);
		out->bitmap |= (uint64_t)cursor_u32le(&c) << 32;
	}
	return cursor_ok(&c);
}

/* Blocks at the start of a group that was never used: copies of the superblock and of the descriptors. */
static uint64_t copies_in(const struct ext *ext, uint32_t group)
{
	uint64_t descriptors = ((uint64_t)ext->groups * ext->descriptor_size + ext->block_size - 1) / ext->block_size;
	return ext_has_copy(ext, group) ? 1 + descriptors : 0;
}

static enum outcome list_group(const struct ext *ext, uint32_t number, const struct group *group, struct listing *out)
{
	uint64_t first = ext->first_block + (uint64_t)number * ext->blocks_per_group;
	uint64_t count = first < ext->blocks ? ext->blocks - first : 0;
	struct span bitmap = ext_blocks(ext, group->bitmap, 1);
	if (count > ext->blocks_per_group)
		count = ext->blocks_per_group;
	if (group->flags & FLAG_NO_BITMAP) {
		uint64_t copies = copies_in(ext, number);
		return copies < count ? listing_add_unused(out, (first + copies) * ext->block_size,
							   (count - copies) * ext->block_size)
				      : DONE;
	}
	if (bitmap.size * 8 < count)
		return DONE;
	for (uint64_t i = 0; i < count; i++)
		if (!(span_byte(bitmap, i / 8) >> i % 8 & 1))
			TRY(listing_add_unused(out, (first + i) * ext->block_size, ext->block_size));
	return DONE;
}

enum outcome ext_list_unused(const struct ext *ext, struct listing *out)
{
	struct group group;
	if (ext->read_only_compatible & EXT_READ_ONLY_CLUSTERS) /* a bit for many blocks */
		return DONE;
	for (uint32_t i = 0; i < ext->groups && read_group(ext, i, &group); i++)
		TRY(list_group(ext, i, &group, out));
	return DONE;
}
