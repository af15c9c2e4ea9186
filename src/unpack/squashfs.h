/*
 * SquashFS 2.0 to 4.0 in both byte orders, and the vendors' variants of it: what its
 * files share. The layout is that of Linux Documentation/filesystems/squashfs.rst
 * and fs/squashfs/squashfs_fs.h, and of their older releases for 2.x and 3.x.
 *
 * Inodes and directories lie in tables of metadata blocks (8 KiB, compressed); files
 * lie in data blocks, and their ends together in fragment blocks.
 */
#ifndef ASSAY_UNPACK_SQUASHFS_H
#define ASSAY_UNPACK_SQUASHFS_H

#include "base/cursor.h"
#include "codec/codec.h"
#include "unpack/unpacker.h"

struct occupied;

enum {
	SQUASHFS_METADATA_SIZE = 8192,
	SQUASHFS_STORED_BLOCK = 1 << 24, /* in a data block's size: it is not compressed */
};
#define SQUASHFS_NO_TABLE UINT64_MAX
#define SQUASHFS_NONE UINT32_MAX

/* A superblock of any version. Positions count from its first byte. */
struct squashfs_super {
	uint16_t major, minor;
	bool big_endian;
	bool check_bytes; /* before 4.0: a marker byte follows each metadata header */
	uint16_t compression; /* 4.0: what the header says; else 0 */
	uint32_t block_size, inodes, fragments, made;
	uint32_t uid_count, gid_count;
	uint64_t size, root;
	uint64_t inode_table, directory_table, fragment_table, uid_table, gid_table, xattr_table,
		lookup_table;
};

/* Reads and checks a superblock. NOT_THIS where it is none. */
enum outcome squashfs_super_read(struct span bytes, struct squashfs_super *out) MUST_CHECK;

/* How blocks are compressed: a codec, or LZMA with a part of its header or none. */
struct squashfs_codec {
	const char *name;
	codec_decode *decode; /* NULL: LZMA of these settings behind skip bytes */
	struct codec_lzma_settings settings;
	uint8_t skip;
};

/* Appends the content of a block. */
enum outcome squashfs_decode(const struct squashfs_codec *codec, struct codec_scratch *scratch, struct span block,
			     size_t maximum, struct buffer *out) MUST_CHECK;

struct squashfs_fragment {
	uint64_t start;
	uint32_t size; /* with SQUASHFS_STORED_BLOCK */
};

/* An opened file system; the volume's state. Read-only after listing. */
struct squashfs {
	struct squashfs_super super;
	struct span bytes;
	struct squashfs_codec codec;
	struct squashfs_fragment *fragments;
	uint32_t fragment_count;
};

/* What reading a file needs; the detail of its entry. */
struct squashfs_file {
	uint64_t start; /* of the first block */
	uint32_t fragment; /* index, or SQUASHFS_NONE */
	uint32_t fragment_offset;
	uint32_t block_count;
	const uint32_t *blocks; /* sizes with SQUASHFS_STORED_BLOCK; 0 for a hole */
};

/* Bytes in a data block's size word. */
static inline uint32_t squashfs_block_bytes(uint32_t size)
{
	return size & (SQUASHFS_STORED_BLOCK - 1);
}

/* Metadata blocks, each decompressed once. Lives while the volume is listed. */
struct squashfs_metadata;
/* A place in a metadata table: where a block starts, and a byte in its content. */
struct squashfs_position {
	uint64_t block;
	uint32_t offset;
};

/* Makes a cache in the arena, which holds the blocks too. */
enum outcome squashfs_metadata_new(const struct squashfs *fs, struct arena *arena, struct codec_scratch *scratch,
				   struct budget *budget, struct squashfs_metadata **out) MUST_CHECK;
void squashfs_metadata_done(struct squashfs_metadata *metadata);
/* Exactly size bytes from the position on, which moves behind them; data is NULL where they cannot be had. */
struct span squashfs_metadata_read(struct squashfs_metadata *metadata, struct squashfs_position *at, size_t size);
/* Moves the position; false where the bytes cannot be had. */
bool squashfs_metadata_skip(struct squashfs_metadata *metadata, struct squashfs_position *at, uint64_t size);
/* Entry number index of a table: fixed-size entries in metadata blocks that a list of positions points at. */
struct span squashfs_metadata_indexed(struct squashfs_metadata *metadata, uint64_t table, uint64_t index,
				      size_t entry_size);
/* True where the block was stored without compression, so that it tells nothing about the codec. */
bool squashfs_metadata_stored(struct squashfs_metadata *metadata, uint64_t block);

/* Adds every block that was read. */
enum outcome squashfs_metadata_occupied(const struct squashfs_metadata *metadata, struct occupied *out) MUST_CHECK;

/* An inode of any version. */
struct squashfs_inode {
	enum entry_type type;
	uint32_t mode, uid_index, gid_index, time, number, links;
	uint64_t size; /* content; of a directory its table bytes; of a link its target */
	struct squashfs_position tail; /* behind the inode: block sizes or the target of a link */
	struct squashfs_file file;     /* without its blocks */
	struct squashfs_position entries; /* of a directory */
	uint32_t device;
	uint32_t xattr; /* index, or SQUASHFS_NONE */
};

/* Reads the inode of a reference (block << 16 | offset). MALFORMED. */
enum outcome squashfs_inode_read(const struct squashfs *fs, struct squashfs_metadata *metadata, uint64_t reference,
				 struct squashfs_inode *out) MUST_CHECK;
/* As above, of one layout: 4.0, and 2.x and 3.x with their packed bits. */
enum outcome squashfs_inode_read_4(const struct squashfs *fs, struct squashfs_metadata *metadata,
				   struct squashfs_position at, struct squashfs_inode *out) MUST_CHECK;
enum outcome squashfs_inode_read_packed(const struct squashfs *fs, struct squashfs_metadata *metadata,
					struct squashfs_position at, struct squashfs_inode *out) MUST_CHECK;

/* Fields that do not fill bytes, as a compiler of either byte order packs them. */
struct squashfs_bits {
	uint64_t word;
	unsigned left;
	bool big_endian;
};
struct squashfs_bits squashfs_bits_take(struct cursor *c, unsigned bytes);
uint32_t squashfs_bits_next(struct squashfs_bits *bits, unsigned width);

/* Walks the entries of a directory: set the first three, call next() until it is not DONE. */
struct squashfs_directory {
	const struct squashfs *fs;
	struct squashfs_metadata *metadata;
	struct squashfs_position at;
	uint64_t left; /* bytes */
	uint32_t run;  /* entries left under the current header */
	uint32_t run_block;
	struct span name;   /* of the current entry; valid while the metadata lives */
	uint64_t reference; /* of its inode */
};
void squashfs_directory_open(const struct squashfs *fs, struct squashfs_metadata *metadata,
			     const struct squashfs_inode *inode, struct squashfs_directory *out);
/* DONE with the next entry, NOT_THIS behind the last, MALFORMED. */
enum outcome squashfs_directory_next(struct squashfs_directory *directory) MUST_CHECK;

/*
 * Finds out how blocks are compressed: what the header says first, then every other
 * way; the first that makes sense of the root directory is it. UNSUPPORTED where none
 * does. *proved is false where the directory is not compressed, so that nothing was learned.
 */
enum outcome squashfs_codec_find(struct squashfs *fs, struct codec_scratch *scratch, struct budget *budget,
				 bool *proved) MUST_CHECK;
/* The same by the first compressed file of the listing, where metadata is not compressed. */
enum outcome squashfs_codec_find_for_files(struct squashfs *fs, struct codec_scratch *scratch, struct budget *budget,
					   const struct listing *listing) MUST_CHECK;

/* Extended attributes (4.0). */
struct squashfs_xattrs;
/* Prepares them; *out is NULL where the file system has none. */
enum outcome squashfs_xattrs_new(const struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *scratch,
				 struct arena *arena, struct squashfs_xattrs **out) MUST_CHECK;
/* The attributes of an index, made in the arena once. */
enum outcome squashfs_xattrs_get(struct squashfs_xattrs *xattrs, uint32_t index, struct attribute **out) MUST_CHECK;

/* The steps of listing: the fragment table, then all entries below the root. */
enum outcome squashfs_fragments_read(struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *arena,
				     struct notes *notes) MUST_CHECK;
enum outcome squashfs_tree_list(const struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *scratch,
				struct volume *volume, struct listing *out) MUST_CHECK;

/* Adds what nothing refers to, once all is listed, to the unused stretches of the listing. */
enum outcome squashfs_list_unused(const struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *scratch,
				  struct listing *listing) MUST_CHECK;

/* Reading (squashfs_read.c). */
enum outcome squashfs_reader_open(struct reader *reader) MUST_CHECK;
enum outcome squashfs_reader_read(struct reader *reader, const struct entry *entry, struct buffer *out) MUST_CHECK;
void squashfs_reader_close(struct reader *reader);

#endif
