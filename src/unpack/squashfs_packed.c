/*
 * SquashFS 2.x and 3.x inodes, whose fields do not fill bytes. They are what C bit
 * fields became in a compiler of the image's byte order: from the lowest bit up in
 * little-endian images, from the highest bit down in big-endian ones.
 */
#include "unpack/squashfs.h"

enum {
	TYPE_DIRECTORY = 1,
	TYPE_FILE,
	TYPE_LINK,
	TYPE_BLOCK_DEVICE,
	TYPE_CHARACTER_DEVICE,
	TYPE_FIFO,
	TYPE_SOCKET,
	TYPE_LARGE_DIRECTORY,
	TYPE_LARGE_FILE,
	TYPE_COUNT,
	NO_GROUP = 255, /* 2.x: the group has the number of the user */
};

struct squashfs_bits squashfs_bits_take(struct cursor *c, unsigned bytes)
{
	struct squashfs_bits bits = { .left = bytes * 8, .big_endian = c->big_endian };
	for (unsigned i = 0; i < bytes; i++) {
		uint64_t byte = cursor_u8(c);
		bits.word = c->big_endian ? bits.word << 8 | byte : bits.word | byte << (8 * i);
	}
	return bits;
}

uint32_t squashfs_bits_next(struct squashfs_bits *bits, unsigned width)
{
	uint64_t mask = (UINT64_C(1) << width) - 1;
	bits->left -= width;
	if (bits->big_endian)
		return (uint32_t)(bits->word >> bits->left & mask);
	uint32_t value = (uint32_t)(bits->word & mask);
	bits->word >>= width;
	return value;
}

/* Bytes of each type, head and body, but for what varies. */
static size_t inode_size(uint16_t major, unsigned type)
{
	static const uint8_t version_2[TYPE_COUNT] = { 0, 15, 24, 6, 6, 6, 4, 4, 18, 0 };
	static const uint8_t version_3[TYPE_COUNT] = { 0, 28, 32, 18, 18, 18, 16, 16, 31, 40 };
	if (type >= TYPE_COUNT)
		return 0;
	return major == 2 ? version_2[type] : version_3[type];
}

static void directory_2(const struct squashfs *fs, struct cursor *c, bool large, struct squashfs_inode *out)
{
	struct squashfs_bits bits = squashfs_bits_take(c, large ? 5 : 4);
	out->size = squashfs_bits_next(&bits, large ? 27 : 19);
	out->entries.offset = squashfs_bits_next(&bits, 13);
	out->time = cursor_u32(c);
	bits = squashfs_bits_take(c, 3);
	out->entries.block = fs->super.directory_table + squashfs_bits_next(&bits, 24);
}

static void directory_3(const struct squashfs *fs, struct cursor *c, bool large, struct squashfs_inode *out)
{
	out->links = cursor_u32(c);
	struct squashfs_bits bits = squashfs_bits_take(c, large ? 5 : 4);
	out->size = squashfs_bits_next(&bits, large ? 27 : 19);
	out->entries.offset = squashfs_bits_next(&bits, 13);
	out->entries.block = fs->super.directory_table + cursor_u32(c);
}

static void file(const struct squashfs *fs, struct cursor *c, bool large, struct squashfs_inode *out)
{
	if (fs->super.major == 2)
		out->time = cursor_u32(c);
	if (large)
		out->links = cursor_u32(c);
	out->file.start = fs->super.major == 2 ? cursor_u32(c) : cursor_u64(c);
	out->file.fragment = cursor_u32(c);
	out->file.fragment_offset = cursor_u32(c);
	out->size = large ? cursor_u64(c) : cursor_u32(c);
}

static void other(const struct squashfs *fs, unsigned type, struct cursor *c, struct squashfs_inode *out)
{
	if (fs->super.major == 3)
		out->links = cursor_u32(c);
	if (type == TYPE_LINK)
		out->size = cursor_u16(c);
	else if (type == TYPE_BLOCK_DEVICE || type == TYPE_CHARACTER_DEVICE)
		out->device = cursor_u16(c);
}

static void body(const struct squashfs *fs, unsigned type, struct cursor *c, struct squashfs_inode *out)
{
	static const enum entry_type types[TYPE_COUNT] = { ENTRY_FILE, ENTRY_DIRECTORY, ENTRY_FILE, ENTRY_LINK,
		ENTRY_BLOCK_DEVICE, ENTRY_CHARACTER_DEVICE, ENTRY_FIFO, ENTRY_SOCKET, ENTRY_DIRECTORY, ENTRY_FILE };
	bool large = type == TYPE_LARGE_DIRECTORY || type == TYPE_LARGE_FILE;
	out->type = types[type];
	if (out->type == ENTRY_DIRECTORY)
		(fs->super.major == 2 ? directory_2 : directory_3)(fs, c, large, out);
	else if (out->type == ENTRY_FILE)
		file(fs, c, large, out);
	else
		other(fs, type, c, out);
}

enum outcome squashfs_inode_read_packed(const struct squashfs *fs, struct squashfs_metadata *metadata,
					struct squashfs_position at, struct squashfs_inode *out)
{
	struct squashfs_position start = at;
	struct cursor c = cursor_over_order(squashfs_metadata_read(metadata, &at, 4), fs->super.big_endian);
	struct squashfs_bits head = squashfs_bits_take(&c, 4);
	unsigned type = squashfs_bits_next(&head, 4);
	size_t size = inode_size(fs->super.major, type);
	if (!cursor_ok(&c) || size == 0)
		return MALFORMED;
	out->mode = squashfs_bits_next(&head, 12);
	out->uid_index = squashfs_bits_next(&head, 8);
	out->gid_index = squashfs_bits_next(&head, 8);
	if (out->gid_index == NO_GROUP)
		out->gid_index = SQUASHFS_NONE;
	c = cursor_over_order(squashfs_metadata_read(metadata, &start, size), fs->super.big_endian);
	cursor_skip(&c, 4);
	out->time = fs->super.made;
	if (fs->super.major == 3) {
		out->time = cursor_u32(&c);
		out->number = cursor_u32(&c);
	}
	body(fs, type, &c, out);
	out->tail = start;
	return cursor_ok(&c) ? DONE : MALFORMED;
}
