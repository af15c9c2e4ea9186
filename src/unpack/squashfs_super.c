/* SquashFS superblocks. Versions 2 and 3 share a layout that grew at its end; 4.0 has its own. */
#include "unpack/squashfs.h"

enum {
	VERSION_OFFSET = 28,
	BLOCK_LOG_LEAST = 12,
	BLOCK_LOG_MOST = 20,
	FLAG_CHECK_BYTES = 1 << 2,
	SIZE_4 = 96,
	SIZE_3 = 119,
	SIZE_2 = 63,
};

static void read_4(struct cursor *c, struct squashfs_super *super, uint16_t *block_log)
{
	cursor_skip(c, 4);
	super->inodes = cursor_u32(c);
	super->made = cursor_u32(c);
	super->block_size = cursor_u32(c);
	super->fragments = cursor_u32(c);
	super->compression = cursor_u16(c);
	*block_log = cursor_u16(c);
	cursor_skip(c, 2); /* flags */
	super->uid_count = super->gid_count = cursor_u16(c);
	super->major = cursor_u16(c);
	super->minor = cursor_u16(c);
	super->root = cursor_u64(c);
	super->size = cursor_u64(c);
	super->uid_table = super->gid_table = cursor_u64(c);
	super->xattr_table = cursor_u64(c);
	super->inode_table = cursor_u64(c);
	super->directory_table = cursor_u64(c);
	super->fragment_table = cursor_u64(c);
	super->lookup_table = cursor_u64(c);
}

static void read_3(struct cursor *c, struct squashfs_super *super)
{
	super->size = cursor_u64(c);
	super->uid_table = cursor_u64(c);
	super->gid_table = cursor_u64(c);
	super->inode_table = cursor_u64(c);
	super->directory_table = cursor_u64(c);
	super->fragment_table = cursor_u64(c);
	super->lookup_table = cursor_u64(c);
}

/* The part that 1.x, 2.x and 3.x share; 3.x has wider positions behind it. */
static void read_packed(struct cursor *c, struct squashfs_super *super, uint16_t *block_log)
{
	cursor_skip(c, 4);
	super->inodes = cursor_u32(c);
	super->size = cursor_u32(c);
	super->uid_table = cursor_u32(c);
	super->gid_table = cursor_u32(c);
	super->inode_table = cursor_u32(c);
	super->directory_table = cursor_u32(c);
	super->major = cursor_u16(c);
	super->minor = cursor_u16(c);
	uint16_t small_block_size = cursor_u16(c);
	*block_log = cursor_u16(c);
	super->check_bytes = cursor_u8(c) & FLAG_CHECK_BYTES;
	super->uid_count = cursor_u8(c);
	super->gid_count = cursor_u8(c);
	super->made = cursor_u32(c);
	super->root = cursor_u64(c);
	super->block_size = small_block_size;
	super->xattr_table = SQUASHFS_NO_TABLE;
	super->fragment_table = super->lookup_table = SQUASHFS_NO_TABLE;
	if (super->major < 2)
		return;
	super->block_size = cursor_u32(c);
	super->fragments = cursor_u32(c);
	super->fragment_table = cursor_u32(c);
	if (super->major == 3)
		read_3(c, super);
}

/* Vendors change magics and codecs, but a file system whose tables lie wrong can be read by nobody. */
static bool plausible(const struct squashfs_super *super, uint16_t block_log, uint64_t head)
{
	if (block_log < BLOCK_LOG_LEAST || block_log > BLOCK_LOG_MOST || super->block_size != 1U << block_log)
		return false;
	if (super->inodes == 0 || super->size < head)
		return false;
	if (super->inode_table < head || super->inode_table >= super->directory_table ||
	    super->directory_table > super->size)
		return false;
	if (super->uid_table < head || super->uid_table > super->size || super->uid_count == 0)
		return false;
	if (super->fragments > 0 && (super->fragment_table < super->directory_table ||
				     super->fragment_table > super->size))
		return false;
	return (super->root >> 16) < super->directory_table - super->inode_table &&
	       (super->root & 0xffff) < SQUASHFS_METADATA_SIZE;
}

static bool read_in_order(struct span bytes, bool big_endian, struct squashfs_super *out)
{
	struct cursor c = cursor_over_order(bytes, big_endian);
	uint16_t block_log;
	uint64_t head;
	cursor_seek(&c, VERSION_OFFSET);
	uint16_t major = cursor_u16(&c);
	cursor_seek(&c, 0);
	*out = (struct squashfs_super){ .big_endian = big_endian };
	if (major == 4) {
		read_4(&c, out, &block_log);
		head = SIZE_4;
	} else if (major >= 1 && major <= 3) {
		read_packed(&c, out, &block_log);
		head = major == 3 ? SIZE_3 : SIZE_2;
	} else {
		return false;
	}
	return cursor_ok(&c) && plausible(out, block_log, head);
}

enum outcome squashfs_super_read(struct span bytes, struct squashfs_super *out)
{
	/* The magic does not tell the byte order: vendors have shuffled its letters. */
	return read_in_order(bytes, false, out) || read_in_order(bytes, true, out) ? DONE : NOT_THIS;
}
