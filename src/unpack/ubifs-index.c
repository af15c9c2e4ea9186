/* UBIFS: checked nodes, and the walk through the index. Described in ubifs.h. */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/ubifs.h"

enum { KEY_SIZE = 8, BRANCH_SIZE = 12 + KEY_SIZE, LEVELS_MAX = 32, KEY_TYPE_SHIFT = 29 };
enum { MASTER_SIZE = 512, SIZE_AT = 16, READ_MOST = 4 /* times the volume, in nodes */ };
static const uint32_t KEY_VALUE_MASK = 0x1fffffff;

struct span ubifs_node(struct span bytes, uint64_t offset, enum ubifs_type type)
{
	struct cursor c = cursor_over(span_from(bytes, offset));
	uint32_t magic = cursor_u32le(&c);
	uint32_t checksum = cursor_u32le(&c);
	cursor_skip(&c, 8);
	uint32_t size = cursor_u32le(&c);
	uint8_t own_type = cursor_u8(&c);
	struct span node = span_slice(bytes, offset, size);
	if (!cursor_ok(&c) || magic != 0x06101831 || own_type != type || size < UBIFS_HEADER_SIZE ||
	    node.size != size || ~digest_crc32(0, span_from(node, 8)) != checksum)
		return SPAN_NONE;
	return node;
}

bool ubifs_read_super(struct span bytes, struct ubifs *out)
{
	struct cursor c = cursor_over(ubifs_node(bytes, 0, UBIFS_SUPER));
	cursor_skip(&c, 36);
	*out = (struct ubifs){ .bytes = bytes };
	out->block_size = cursor_u32le(&c);
	out->blocks = cursor_u32le(&c);
	return cursor_ok(&c) && out->block_size >= 4096 && out->block_size <= 16 * 1024 * 1024 &&
	       out->blocks > 3;
}

/* The newest master node: the last one of the first or, failing that, of the second block that may hold it.
 */
static struct span find_master(const struct ubifs *ubifs)
{
	struct span newest = SPAN_NONE;
	for (uint64_t block = 1; block <= 2 && newest.size == 0; block++) {
		struct span bytes = span_slice(ubifs->bytes, block * ubifs->block_size, ubifs->block_size);
		for (uint64_t at = 0; at < bytes.size; at += 8) {
			/* A master node has one size: longer ones would only be checksummed again and again. */
			struct span node = ubifs_node(span_slice(bytes, at, MASTER_SIZE), 0, UBIFS_MASTER);
			newest = node.size ? node : newest;
		}
	}
	return newest;
}

struct walk {
	const struct ubifs *ubifs;
	struct arena *arena;
	struct ubifs_index *index;
	size_t nodes_left; /* as many as there is room for: an index in a circle ends there */
	uint64_t bytes_left; /* of nodes: those that lie upon each other cost what they are */
};

/* A node of the walk; the empty span too where more has been read than nodes that do not overlap can hold. */
static struct span read_node(struct walk *walk, uint64_t offset, enum ubifs_type type)
{
	if (walk->bytes_left == 0)
		return SPAN_NONE;
	struct cursor size = cursor_over(span_slice(walk->ubifs->bytes, offset + SIZE_AT, 4));
	uint32_t cost = cursor_u32le(&size);
	walk->bytes_left -= cost < walk->bytes_left ? cost : walk->bytes_left;
	return ubifs_node(walk->ubifs->bytes, offset, type);
}

static enum outcome keep_inode(struct walk *walk, uint64_t offset, uint32_t number)
{
	struct ubifs_index *index = walk->index;
	struct cursor c = cursor_over(read_node(walk, offset, UBIFS_INODE));
	struct ubifs_inode inode = { .number = number, .offset = offset };
	cursor_skip(&c, 48);
	inode.size = cursor_u64le(&c);
	cursor_skip(&c, 16);
	inode.mtime = cursor_u64le(&c);
	cursor_skip(&c, 12);
	inode.links = cursor_u32le(&c);
	inode.uid = cursor_u32le(&c);
	inode.gid = cursor_u32le(&c);
	inode.mode = cursor_u32le(&c);
	inode.flags = cursor_u32le(&c);
	uint32_t size = cursor_u32le(&c);
	cursor_skip(&c, 160 - 116);
	inode.content = cursor_take(&c, size);
	if (!cursor_ok(&c)) {
		index->damaged++;
		return DONE;
	}
	index->inodes =
	    arena_grow(walk->arena, index->inodes, index->inode_count, &index->inode_capacity, sizeof inode);
	if (!index->inodes)
		return NO_MEMORY;
	index->inodes[index->inode_count++] = inode;
	return DONE;
}

static enum outcome keep_dirent(struct walk *walk, uint64_t offset, uint32_t parent)
{
	struct ubifs_index *index = walk->index;
	struct cursor c = cursor_over(read_node(walk, offset, UBIFS_DIRENT));
	struct ubifs_dirent dirent = { .parent = parent };
	cursor_skip(&c, 40);
	dirent.inode = (uint32_t)cursor_u64le(&c);
	cursor_skip(&c, 2);
	uint16_t size = cursor_u16le(&c);
	cursor_skip(&c, 4);
	dirent.name = cursor_take(&c, size);
	if (!cursor_ok(&c)) {
		index->damaged++;
		return DONE;
	}
	index->dirents =
	    arena_grow(walk->arena, index->dirents, index->dirent_count, &index->dirent_capacity, sizeof dirent);
	if (!index->dirents)
		return NO_MEMORY;
	index->dirents[index->dirent_count++] = dirent;
	return DONE;
}

static enum outcome keep_piece(struct walk *walk, uint64_t offset, uint32_t inode, uint32_t number)
{
	struct ubifs_index *index = walk->index;
	struct span node = read_node(walk, offset, UBIFS_DATA);
	struct cursor c = cursor_over(node);
	struct ubifs_piece piece = { .inode = inode, .number = number, .offset = offset };
	cursor_skip(&c, 40);
	piece.length = cursor_u32le(&c);
	piece.compression = cursor_u16le(&c);
	cursor_skip(&c, 2);
	piece.stored = span_from(node, 48);
	if (!cursor_ok(&c) || piece.length > UBIFS_BLOCK_SIZE) {
		index->damaged++;
		return DONE;
	}
	index->pieces =
	    arena_grow(walk->arena, index->pieces, index->piece_count, &index->piece_capacity, sizeof piece);
	if (!index->pieces)
		return NO_MEMORY;
	index->pieces[index->piece_count++] = piece;
	return DONE;
}

static enum outcome keep(struct walk *walk, uint64_t offset, uint32_t number, uint32_t rest)
{
	switch (rest >> KEY_TYPE_SHIFT) {
	case UBIFS_INODE: return keep_inode(walk, offset, number);
	case UBIFS_DATA: return keep_piece(walk, offset, number, rest & KEY_VALUE_MASK);
	case UBIFS_DIRENT: return keep_dirent(walk, offset, number);
	default: return DONE;
	}
}

static enum outcome walk_node(struct walk *walk, uint64_t block, uint64_t offset, unsigned depth)
{
	uint64_t at = block * walk->ubifs->block_size + offset;
	struct cursor c = cursor_over(read_node(walk, at, UBIFS_INDEX));
	cursor_skip(&c, UBIFS_HEADER_SIZE);
	uint16_t children = cursor_u16le(&c);
	uint16_t level = cursor_u16le(&c);
	if (!cursor_ok(&c) || depth > LEVELS_MAX || walk->nodes_left == 0) {
		walk->index->damaged++;
		return DONE;
	}
	for (unsigned i = 0; i < children && walk->nodes_left > 0; i++) {
		uint64_t child_block = cursor_u32le(&c), child_offset = cursor_u32le(&c);
		cursor_skip(&c, 4);
		uint32_t number = cursor_u32le(&c), rest = cursor_u32le(&c);
		if (!cursor_ok(&c))
			break;
		walk->nodes_left--;
		if (level > 0)
			TRY(walk_node(walk, child_block, child_offset, depth + 1));
		else
			TRY(keep(walk, child_block * walk->ubifs->block_size + child_offset, number, rest));
	}
	return DONE;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_number(const void *left, const void *right)
{
	const struct ubifs_inode *a = left, *b = right;
	return order(a->number, b->number);
}

static int by_name(const void *left, const void *right)
{
	const struct ubifs_dirent *a = left, *b = right;
	int parents = order(a->parent, b->parent);
	return parents ? parents : span_compare(a->name, b->name);
}

static int by_place(const void *left, const void *right)
{
	const struct ubifs_piece *a = left, *b = right;
	int inodes = order(a->inode, b->inode);
	return inodes ? inodes : order(a->number, b->number);
}

enum outcome ubifs_read_index(const struct ubifs *ubifs, struct arena *arena, struct ubifs_index *out)
{
	struct cursor c = cursor_over(find_master(ubifs));
	struct walk walk = { ubifs, arena, out, ubifs->bytes.size / BRANCH_SIZE, (uint64_t)ubifs->bytes.size * READ_MOST };
	cursor_skip(&c, 48);
	uint32_t block = cursor_u32le(&c), offset = cursor_u32le(&c);
	if (!cursor_ok(&c))
		return MALFORMED;
	TRY(walk_node(&walk, block, offset, 0));
	if (out->inode_count > 0)
		qsort(out->inodes, out->inode_count, sizeof *out->inodes, by_number);
	if (out->dirent_count > 0)
		qsort(out->dirents, out->dirent_count, sizeof *out->dirents, by_name);
	if (out->piece_count > 0)
		qsort(out->pieces, out->piece_count, sizeof *out->pieces, by_place);
	return DONE;
}
