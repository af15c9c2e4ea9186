/*
 * UBIFS: nodes, and the index that says which of them hold.
 * Layout: Linux fs/ubifs/ubifs-media.h; Adrian Hunter, "A Brief Introduction to the Design of UBIFS".
 */
#ifndef ASSAY_UNPACK_UBIFS_H
#define ASSAY_UNPACK_UBIFS_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"
#include "unpack/listing.h"

enum ubifs_type {
	UBIFS_INODE = 0,
	UBIFS_DATA = 1,
	UBIFS_DIRENT = 2,
	UBIFS_SUPER = 6,
	UBIFS_MASTER = 7,
	UBIFS_INDEX = 9,
	UBIFS_COMMIT = 10, /* where the log begins */
};
enum { UBIFS_HEADER_SIZE = 24, UBIFS_ROOT_INODE = 1, UBIFS_BLOCK_SIZE = 4096 };

struct ubifs {
	struct span bytes;
	uint32_t block_size, blocks; /* of the logical erase blocks */
};

struct ubifs_inode {
	uint32_t number;
	uint32_t mode, uid, gid, links, flags;
	uint64_t size, mtime;
	struct span content; /* target of a link, numbers of a device */
	uint64_t offset;
};

struct ubifs_dirent {
	uint32_t parent, inode;
	struct span name;
};

struct ubifs_piece {
	uint32_t inode, number; /* of the block in the file */
	uint32_t length;        /* decompressed */
	uint16_t compression;
	struct span stored;
	uint64_t offset;
};

/* Keys whose nodes, or whose part of the index, cannot be read: from the first up to but not with the last. */
struct ubifs_lost {
	uint64_t first, end;
};

/* Everything that the index holds, each kind sorted. */
struct ubifs_index {
	struct ubifs_inode *inodes;
	size_t inode_count, inode_capacity;
	struct ubifs_dirent *dirents;
	size_t dirent_count, dirent_capacity;
	struct ubifs_piece *pieces;
	size_t piece_count, piece_capacity;
	struct ubifs_lost *lost; /* none touches another */
	size_t lost_count, lost_capacity;
	size_t damaged; /* nodes that cannot be read */
};

/* The node at an offset, of a type, with a right checksum; the empty span where there is none. */
struct span ubifs_node(struct span bytes, uint64_t offset, enum ubifs_type type);
bool ubifs_read_super(struct span bytes, struct ubifs *out);
/* The newest master node; the empty span where there is none. */
struct span ubifs_find_master(const struct ubifs *ubifs);
/*
 * Adds what is no node to the unused stretches of the listing; *journal is how many bytes of nodes the journal holds that
 * are newer than the index.
 */
enum outcome ubifs_list_unused(const struct ubifs *ubifs, struct listing *out, uint64_t *journal) MUST_CHECK;
/* Walks the index from its root in the newest master node. MALFORMED where there is none. */
enum outcome ubifs_read_index(const struct ubifs *ubifs, struct arena *arena,
			      struct ubifs_index *out) MUST_CHECK;
/* Whether a piece of the content of an inode may be lost: what the index says of it cannot be read. */
bool ubifs_content_is_lost(const struct ubifs_index *index, uint32_t inode);

#endif
