/*
 * What lies where in ext2, ext3 and ext4.
 * Layout: Linux Documentation/filesystems/ext4 (super, group_descr, inodes, ifork, dynamic, attributes).
 */
#ifndef ASSAY_UNPACK_EXT_H
#define ASSAY_UNPACK_EXT_H

#include "unpack/listing.h"

enum { EXT_ROOT_INODE = 2, EXT_NAME_LIMIT = 255 };
/* incompatible features */
enum {
	EXT_FEATURE_RECOVER = 0x4,
	EXT_FEATURE_JOURNAL_DEVICE = 0x8,
	EXT_FEATURE_META_GROUPS = 0x10,
	EXT_FEATURE_EXTENTS = 0x40,
	EXT_FEATURE_64BIT = 0x80,
};
/* other features that say where things lie */
enum { EXT_READ_ONLY_SPARSE_COPIES = 0x1, EXT_READ_ONLY_CLUSTERS = 0x200, EXT_COMPATIBLE_TWO_COPIES = 0x200 };
/* flags of inodes */
enum { EXT_INODE_ENCRYPTED = 0x800, EXT_INODE_EXTENTS = 0x80000, EXT_INODE_INLINE = 0x10000000 };

struct ext {
	struct span bytes;
	uint32_t block_size;
	uint64_t blocks;
	uint32_t groups, blocks_per_group;
	uint32_t inodes, inodes_per_group, inode_size;
	uint32_t first_block, descriptor_size;
	uint32_t first_meta_group;   /* from here on, descriptors lie in the groups that they describe */
	uint32_t copies[2];          /* groups with a copy of the superblock, where there are but two */
	uint32_t compatible, incompatible, read_only_compatible;
	struct span label;
};

struct ext_inode {
	uint32_t number;
	uint16_t mode, links;
	uint32_t uid, gid;
	uint64_t size;
	uint32_t mtime, flags;
	struct span map;        /* 60 bytes: block numbers, an extent tree, a short link, inline content */
	struct span attributes; /* within the inode; empty where there are none */
	uint64_t attribute_block;
};

/* A run of blocks of a file: where it lies, or 0 for a hole. */
struct ext_run {
	uint64_t physical;
	uint64_t count; /* at least 1 */
};

/* Reads the superblock; false where its fields do not agree with each other. */
bool ext_read_super(struct span bytes, struct ext *out);
/* Reads an inode; false where there is none of that number. */
bool ext_read_inode(const struct ext *ext, uint32_t number, struct ext_inode *out);
/* Where the descriptor of a group lies, in bytes. */
uint64_t ext_find_descriptor(const struct ext *ext, uint32_t group);
/* Whether a group begins with a copy of the superblock. */
bool ext_has_copy(const struct ext *ext, uint32_t group);
/* Adds the blocks that are in no file to the unused stretches of the listing; those that cannot be told are left out. */
enum outcome ext_list_unused(const struct ext *ext, struct listing *out) MUST_CHECK;
/* A run of blocks; the empty span where it does not lie inside. */
struct span ext_blocks(const struct ext *ext, uint64_t first, uint64_t count);
/* The run that begins at a block of a file; false where the map is damaged. */
bool ext_map(const struct ext *ext, const struct ext_inode *inode, uint64_t logical, struct ext_run *out);

/* The extended attributes of an inode, in the arena; *damaged is set where some cannot be read. */
enum outcome ext_read_attributes(const struct ext *ext, const struct ext_inode *inode, struct arena *arena,
				 struct attribute **out, bool *damaged) MUST_CHECK;
/* The part of inline content that does not fit in the map. */
struct span ext_inline_rest(const struct ext_inode *inode);

#endif
