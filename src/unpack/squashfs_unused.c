/* Bytes of a SquashFS that nothing refers to: between its blocks, and behind its tables. */
#include "unpack/occupied.h"
#include "unpack/squashfs.h"

enum {
	FIRST_PIECE = 128,  /* superblock, and how its codec was set */
	GAP_LEAST = 256,
	XATTR_HEAD = 16,
	ID_SIZE = 4,
	XATTR_SIZE = 16,
	REFERENCE_SIZE = 8,
};

/* A table whose blocks a list of positions points at: the list, and each block, which this loads. */
static enum outcome take_table(const struct squashfs *fs, struct squashfs_metadata *metadata, uint64_t table,
			       uint64_t count, size_t entry_size, struct occupied *out)
{
	uint64_t per_block = SQUASHFS_METADATA_SIZE / entry_size, blocks = (count + per_block - 1) / per_block;
	if (table == SQUASHFS_NO_TABLE || table >= fs->bytes.size)
		return DONE;
	for (uint64_t i = 0; i < blocks; i++)
		if (!squashfs_metadata_indexed(metadata, table, i * per_block, entry_size).data)
			break;
	return occupied_add(out, table, blocks * (fs->super.major > 2 ? 8 : 4));
}

static enum outcome take_xattrs(const struct squashfs *fs, struct squashfs_metadata *metadata, struct occupied *out)
{
	struct cursor c = cursor_over_order(fs->bytes, fs->super.big_endian);
	if (fs->super.xattr_table == SQUASHFS_NO_TABLE)
		return DONE;
	cursor_seek(&c, fs->super.xattr_table);
	cursor_skip(&c, 8);
	uint32_t count = cursor_u32(&c);
	TRY(occupied_add(out, fs->super.xattr_table, XATTR_HEAD));
	return cursor_ok(&c) ? take_table(fs, metadata, fs->super.xattr_table + XATTR_HEAD, count, XATTR_SIZE, out) : DONE;
}

static enum outcome take_tables(const struct squashfs *fs, struct squashfs_metadata *metadata, struct occupied *out)
{
	const struct squashfs_super *super = &fs->super;
	bool wide = super->major > 2;
	TRY(take_table(fs, metadata, super->fragment_table, super->fragments, wide ? 16 : 8, out));
	if (wide)
		TRY(take_table(fs, metadata, super->lookup_table, super->inodes, REFERENCE_SIZE, out));
	if (super->major == 4)
		TRY(take_table(fs, metadata, super->uid_table, super->uid_count, ID_SIZE, out));
	else {
		TRY(occupied_add(out, super->uid_table, (uint64_t)super->uid_count * ID_SIZE));
		TRY(occupied_add(out, super->gid_table, (uint64_t)super->gid_count * ID_SIZE));
	}
	return take_xattrs(fs, metadata, out);
}

static enum outcome take_files(const struct squashfs *fs, const struct listing *listing, struct occupied *out)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct squashfs_file *file = listing->entries[i].detail;
		uint64_t size = 0;
		for (uint32_t block = 0; file && block < file->block_count; block++)
			size += squashfs_block_bytes(file->blocks[block]);
		if (file)
			TRY(occupied_add(out, file->start, size));
	}
	for (uint32_t i = 0; i < fs->fragment_count; i++)
		TRY(occupied_add(out, fs->fragments[i].start, squashfs_block_bytes(fs->fragments[i].size)));
	return DONE;
}

enum outcome squashfs_list_unused(const struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *scratch,
				  struct listing *listing)
{
	struct occupied occupied = { .arena = scratch };
	TRY(take_files(fs, listing, &occupied));
	TRY(take_tables(fs, metadata, &occupied));
	TRY(squashfs_metadata_occupied(metadata, &occupied));
	return occupied_list_unused(&occupied, FIRST_PIECE, fs->bytes.size, GAP_LEAST, listing);
}
