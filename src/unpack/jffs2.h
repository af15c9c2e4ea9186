/*
 * JFFS2's log of nodes, as it lies on flash.
 * Layout: Linux include/uapi/linux/jffs2.h; David Woodhouse, "JFFS: The Journalling Flash File System".
 */
#ifndef ASSAY_UNPACK_JFFS2_H
#define ASSAY_UNPACK_JFFS2_H

#include "base/cursor.h"
#include "base/outcome.h"
#include "codec/codec.h"
#include "unpack/tree.h"

enum jffs2_type {
	JFFS2_DIRENT = 0xe001,
	JFFS2_INODE = 0xe002,
	JFFS2_CLEAN_MARKER = 0x2003,
	JFFS2_PADDING = 0x2004,
	JFFS2_SUMMARY = 0x2006,
	JFFS2_ATTRIBUTE = 0xe008,
	JFFS2_ATTRIBUTE_REFERENCE = 0xe009,
};

/* What every node begins with. */
struct jffs2_node {
	uint64_t offset;
	uint32_t size; /* whole, without padding */
	uint16_t type; /* with the bit that marks a node as obsolete put right */
	bool obsolete;
};

/* A node that gives an inode its attributes and a piece of its content. */
struct jffs2_inode {
	uint32_t number, version;
	uint32_t mode;
	uint16_t uid, gid;
	uint32_t size; /* of the whole content, as of this version */
	uint32_t mtime;
	uint32_t start;          /* of the piece in the content */
	uint32_t stored, length; /* compressed and plain bytes of the piece */
	uint8_t compression;
	uint32_t checksum; /* of the compressed bytes */
	uint64_t data;     /* their offset */
};

/* A node that gives an inode a name; inode 0 takes the name away. */
struct jffs2_dirent {
	uint32_t parent, version, inode;
	struct span name;
};

/* A file may have a hole that no node fills; a larger one is not believed, in bytes. */
enum { JFFS2_HOLE_LIMIT = 16 * 1024 * 1024 };

/* The checksum of JFFS2: the polynomial of zlib, without its inversions. */
uint32_t jffs2_checksum(struct span bytes);
/* Reads a node header at an offset; false where none with a right checksum stands there. */
bool jffs2_read_node(struct span bytes, bool big_endian, uint64_t offset, struct jffs2_node *out);
/* Read the rest of a node; false where a checksum is wrong. */
bool jffs2_read_inode(struct span bytes, bool big_endian, const struct jffs2_node *node,
		      struct jffs2_inode *out);
bool jffs2_read_dirent(struct span bytes, bool big_endian, const struct jffs2_node *node,
		       struct jffs2_dirent *out);
/* The next node at or after an offset, passing over erased flash and up to a gap of other
 * bytes; false at the end. */
bool jffs2_next_node(struct span bytes, bool big_endian, uint64_t *offset, struct jffs2_node *out);

/* Adds what is no node, and what no node needs, to the unused stretches of the listing. */
enum outcome jffs2_list_unused(struct span bytes, bool big_endian, struct listing *out) MUST_CHECK;

/*
 * Puts the content of an inode together from its nodes, oldest first. PARTIAL where
 * some are damaged: their bytes are zeros.
 */
enum outcome jffs2_read_content(struct span bytes, struct codec_scratch *scratch,
				const struct jffs2_inode *nodes, size_t count, struct buffer *out) MUST_CHECK;

#endif
