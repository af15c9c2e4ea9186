/* SquashFS inodes: those of 4.0, and what all versions share. */
#include "unpack/squashfs.h"

enum {
	TYPE_DIRECTORY = 1,
	TYPE_FILE,
	TYPE_LINK,
	TYPE_BLOCK_DEVICE,
	TYPE_CHARACTER_DEVICE,
	TYPE_FIFO,
	TYPE_SOCKET,
	TYPE_EXTENDED = 7, /* added to the above: with attributes and larger fields */
	HEAD_SIZE = 16,
};

enum outcome squashfs_inode_read(const struct squashfs *fs, struct squashfs_metadata *metadata, uint64_t reference,
				 struct squashfs_inode *out)
{
	struct squashfs_position at = {
		.block = fs->super.inode_table + (reference >> 16),
		.offset = (uint32_t)(reference & 0xffff),
	};
	*out = (struct squashfs_inode){ .xattr = SQUASHFS_NONE, .links = 1, .file.fragment = SQUASHFS_NONE };
	if (at.offset >= SQUASHFS_METADATA_SIZE)
		return MALFORMED;
	if (fs->super.major == 4)
		return squashfs_inode_read_4(fs, metadata, at, out);
	return squashfs_inode_read_packed(fs, metadata, at, out);
}

static void directory(const struct squashfs *fs, struct cursor *c, struct squashfs_inode *out)
{
	uint32_t block = cursor_u32(c);
	out->links = cursor_u32(c);
	out->size = cursor_u16(c);
	out->entries = (struct squashfs_position){ fs->super.directory_table + block, cursor_u16(c) };
	cursor_skip(c, 4); /* parent */
}

static void large_directory(const struct squashfs *fs, struct cursor *c, struct squashfs_inode *out)
{
	out->links = cursor_u32(c);
	out->size = cursor_u32(c);
	uint32_t block = cursor_u32(c);
	cursor_skip(c, 4 + 2); /* parent, size of the index */
	out->entries = (struct squashfs_position){ fs->super.directory_table + block, cursor_u16(c) };
	out->xattr = cursor_u32(c);
}

static void file(struct cursor *c, struct squashfs_inode *out)
{
	out->file.start = cursor_u32(c);
	out->file.fragment = cursor_u32(c);
	out->file.fragment_offset = cursor_u32(c);
	out->size = cursor_u32(c);
}

static void large_file(struct cursor *c, struct squashfs_inode *out)
{
	out->file.start = cursor_u64(c);
	out->size = cursor_u64(c);
	cursor_skip(c, 8); /* bytes in holes */
	out->links = cursor_u32(c);
	out->file.fragment = cursor_u32(c);
	out->file.fragment_offset = cursor_u32(c);
	out->xattr = cursor_u32(c);
}

/* Bytes behind the head that each type has, but for what varies. */
static size_t body_size(unsigned type)
{
	static const uint8_t sizes[] = { 0, 16, 16, 8, 8, 8, 4, 4, 24, 40, 8, 12, 12, 8, 8 };
	return type < sizeof sizes ? sizes[type] : 0;
}

static enum outcome body(const struct squashfs *fs, unsigned type, struct cursor *c, struct squashfs_inode *out)
{
	static const enum entry_type types[] = { ENTRY_FILE, ENTRY_DIRECTORY, ENTRY_FILE, ENTRY_LINK,
		ENTRY_BLOCK_DEVICE, ENTRY_CHARACTER_DEVICE, ENTRY_FIFO, ENTRY_SOCKET };
	bool extended = type > TYPE_EXTENDED;
	unsigned base = extended ? type - TYPE_EXTENDED : type;
	out->type = types[base];
	switch (base) {
	case TYPE_DIRECTORY:
		(extended ? large_directory : directory)(fs, c, out);
		return DONE;
	case TYPE_FILE:
		(extended ? large_file : file)(c, out);
		return DONE;
	case TYPE_LINK:
		out->links = cursor_u32(c);
		out->size = cursor_u32(c);
		return DONE;
	case TYPE_BLOCK_DEVICE:
	case TYPE_CHARACTER_DEVICE:
		out->links = cursor_u32(c);
		out->device = cursor_u32(c);
		break;
	default:
		out->links = cursor_u32(c);
	}
	if (extended)
		out->xattr = cursor_u32(c);
	return DONE;
}

/* The attribute index of an extended link stands behind its target. */
static enum outcome link_attributes(const struct squashfs *fs, struct squashfs_metadata *metadata,
				    struct squashfs_inode *out)
{
	struct squashfs_position at = out->tail;
	if (!squashfs_metadata_skip(metadata, &at, out->size))
		return MALFORMED;
	struct cursor c = cursor_over_order(squashfs_metadata_read(metadata, &at, 4), fs->super.big_endian);
	out->xattr = cursor_u32(&c);
	return cursor_ok(&c) ? DONE : MALFORMED;
}

enum outcome squashfs_inode_read_4(const struct squashfs *fs, struct squashfs_metadata *metadata,
				   struct squashfs_position at, struct squashfs_inode *out)
{
	struct cursor c = cursor_over_order(squashfs_metadata_read(metadata, &at, HEAD_SIZE), fs->super.big_endian);
	unsigned type = cursor_u16(&c);
	out->mode = cursor_u16(&c) & 07777;
	out->uid_index = cursor_u16(&c);
	out->gid_index = cursor_u16(&c);
	out->time = cursor_u32(&c);
	out->number = cursor_u32(&c);
	if (!cursor_ok(&c) || body_size(type) == 0)
		return MALFORMED;
	c = cursor_over_order(squashfs_metadata_read(metadata, &at, body_size(type)), fs->super.big_endian);
	TRY(body(fs, type, &c, out));
	out->tail = at;
	if (!cursor_ok(&c))
		return MALFORMED;
	return type == TYPE_LINK + TYPE_EXTENDED ? link_attributes(fs, metadata, out) : DONE;
}
