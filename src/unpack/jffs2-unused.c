/* What of a JFFS2 is no node, or more than a node of its kind says that it holds. Described in jffs2.h. */
#include "unpack/jffs2.h"
#include "unpack/occupied.h"

enum { HEADER = 12, INODE_HEAD = 68, DIRENT_HEAD = 40, TABLE_MOST = 64 * 1024, GAP_LEAST = 64 };

/* Bytes that the node needs; of one that cannot be read, none. */
static uint64_t needed(struct span bytes, bool big_endian, const struct jffs2_node *node)
{
	struct jffs2_inode inode;
	struct jffs2_dirent dirent;
	switch (node->type) {
	case JFFS2_INODE:
		return jffs2_read_inode(bytes, big_endian, node, &inode) ? INODE_HEAD + (uint64_t)inode.stored : 0;
	case JFFS2_DIRENT:
		return jffs2_read_dirent(bytes, big_endian, node, &dirent) ? DIRENT_HEAD + dirent.name.size : 0;
	case JFFS2_SUMMARY:
	case JFFS2_ATTRIBUTE:
	case JFFS2_ATTRIBUTE_REFERENCE:
		return node->size <= TABLE_MOST ? node->size : HEADER;
	default: /* markers and padding are a header with nothing in it */
		return HEADER;
	}
}

enum outcome jffs2_list_unused(struct span bytes, bool big_endian, struct listing *out)
{
	struct occupied occupied = { .arena = out->arena };
	struct jffs2_node node;
	uint64_t offset = 0;
	while (jffs2_next_node(bytes, big_endian, &offset, &node))
		TRY(occupied_add(&occupied, node.offset, needed(bytes, big_endian, &node)));
	return occupied_list_unused(&occupied, 0, bytes.size, GAP_LEAST, out);
}
