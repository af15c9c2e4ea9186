/* SquashFS directories: headers, each with a run of entries whose inodes share a metadata block. */
#include "unpack/squashfs.h"

enum { RUN_MAXIMUM = 256, SPARE_BYTES = 3 /* counted in a directory's size since 3.0, for "." and ".." */ };

void squashfs_directory_open(const struct squashfs *fs, struct squashfs_metadata *metadata,
			     const struct squashfs_inode *inode, struct squashfs_directory *out)
{
	uint64_t spare = fs->super.major > 2 ? SPARE_BYTES : 0;
	*out = (struct squashfs_directory){
		.fs = fs,
		.metadata = metadata,
		.at = inode->entries,
		.left = inode->size > spare ? inode->size - spare : 0,
	};
}

/* The next bytes of the directory, counted off; the cursor fails where there are fewer. */
static struct cursor take(struct squashfs_directory *directory, size_t size)
{
	struct span bytes = SPAN_NONE;
	if (size <= directory->left)
		bytes = squashfs_metadata_read(directory->metadata, &directory->at, size);
	directory->left -= bytes.size;
	return cursor_over_order(bytes, directory->fs->super.big_endian);
}

static enum outcome read_header(struct squashfs_directory *directory)
{
	uint16_t major = directory->fs->super.major;
	struct cursor c;
	if (major == 4) {
		c = take(directory, 12);
		directory->run = cursor_u32(&c);
		directory->run_block = cursor_u32(&c);
	} else if (major == 3) {
		c = take(directory, 9);
		directory->run = cursor_u8(&c);
		directory->run_block = cursor_u32(&c);
	} else {
		c = take(directory, 4);
		struct squashfs_bits bits = squashfs_bits_take(&c, 4);
		directory->run = squashfs_bits_next(&bits, 8);
		directory->run_block = squashfs_bits_next(&bits, 24);
	}
	if (!cursor_ok(&c) || directory->run >= RUN_MAXIMUM)
		return MALFORMED;
	directory->run++;
	return DONE;
}

static enum outcome read_entry(struct squashfs_directory *directory)
{
	uint16_t major = directory->fs->super.major;
	uint32_t offset;
	size_t name_size;
	struct cursor c;
	if (major == 4) {
		c = take(directory, 8);
		offset = cursor_u16(&c);
		cursor_skip(&c, 4); /* inode number, type */
		name_size = cursor_u16(&c);
	} else {
		c = take(directory, major == 3 ? 5 : 3);
		struct squashfs_bits bits = squashfs_bits_take(&c, 2);
		offset = squashfs_bits_next(&bits, 13);
		name_size = cursor_u8(&c);
	}
	if (!cursor_ok(&c) || name_size >= 256)
		return MALFORMED;
	directory->name = take(directory, name_size + 1).span;
	directory->reference = (uint64_t)directory->run_block << 16 | offset;
	directory->run--;
	return directory->name.size > 0 ? DONE : MALFORMED;
}

enum outcome squashfs_directory_next(struct squashfs_directory *directory)
{
	if (directory->run == 0 && directory->left == 0)
		return NOT_THIS;
	if (directory->run == 0)
		TRY(read_header(directory));
	return read_entry(directory);
}
