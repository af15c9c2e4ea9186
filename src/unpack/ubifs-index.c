/* UBIFS: checked nodes, and the walk through the index. Described in ubifs.h. */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/ubifs.h"

enum { KEY_SIZE = 8, BRANCH_SIZE = 12 + KEY_SIZE, LEVELS_MAX = 32, KEY_TYPE_SHIFT = 29 };
enum { MASTER_SIZE = 512, COMMIT_AT = 32, SIZE_AT = 16, READ_MOST = 4 /* times the volume, in nodes */ };
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

/*
 * The newest master node: that of the last commit in the two blocks that hold one, and of several the last. The second
 * block is a copy of the first; where a write was cut off or a node is damaged, either may be behind.
 */
struct span ubifs_find_master(const struct ubifs *ubifs)
{
	struct span newest = SPAN_NONE;
	uint64_t last = 0;
	for (uint64_t block = 1; block <= 2; block++) {
		struct span bytes = span_slice(ubifs->bytes, block * ubifs->block_size, ubifs->block_size);
		for (uint64_t at = 0; at < bytes.size; at += 8) {
			/* A master node has one size: longer ones would only be checksummed again and again. */
			struct span node = ubifs_node(span_slice(bytes, at, MASTER_SIZE), 0, UBIFS_MASTER);
			struct cursor c = cursor_over(span_from(node, COMMIT_AT));
			uint64_t commit = cursor_u64le(&c);
			if (node.size == 0 || commit < last)
				continue;
			newest = node;
			last = commit;
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

static uint64_t key_of(uint32_t inode, uint32_t rest)
{
	return (uint64_t)inode << 32 | rest;
}

static enum outcome lose(struct walk *walk, uint64_t first, uint64_t end)
{
	struct ubifs_index *index = walk->index;
	index->damaged++;
	index->lost = arena_grow(walk->arena, index->lost, index->lost_count, &index->lost_capacity, sizeof *index->lost);
	if (!index->lost)
		return NO_MEMORY;
	index->lost[index->lost_count++] = (struct ubifs_lost){ first, end };
	return DONE;
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
		uint64_t key = key_of(inode, (uint32_t)UBIFS_DATA << KEY_TYPE_SHIFT | number);
		return lose(walk, key, key + 1);
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

/* A node of the index, which holds the keys from the first up to the end. */
struct branch {
	uint64_t at, first, end;
};

static struct branch read_branch(const struct ubifs *ubifs, struct cursor *c)
{
	uint64_t block = cursor_u32le(c), offset = cursor_u32le(c);
	cursor_skip(c, 4);
	uint32_t inode = cursor_u32le(c), rest = cursor_u32le(c);
	return (struct branch){ block * ubifs->block_size + offset, key_of(inode, rest), UINT64_MAX };
}

static enum outcome walk_node(struct walk *walk, const struct branch *branch, unsigned depth)
{
	struct cursor c = cursor_over(read_node(walk, branch->at, UBIFS_INDEX));
	cursor_skip(&c, UBIFS_HEADER_SIZE);
	uint16_t children = cursor_u16le(&c);
	uint16_t level = cursor_u16le(&c);
	if (!cursor_ok(&c) || depth > LEVELS_MAX || walk->nodes_left == 0)
		return lose(walk, branch->first, branch->end);
	struct branch child = read_branch(walk->ubifs, &c);
	for (unsigned i = 0; i < children; i++) {
		if (!cursor_ok(&c) || walk->nodes_left == 0)
			return lose(walk, child.first, branch->end);
		struct branch next = read_branch(walk->ubifs, &c);
		child.end = i + 1 < children && cursor_ok(&c) ? next.first : branch->end;
		walk->nodes_left--;
		TRY(level > 0 ? walk_node(walk, &child, depth + 1)
			      : keep(walk, child.at, (uint32_t)(child.first >> 32), (uint32_t)child.first));
		child = next;
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

static int by_first(const void *left, const void *right)
{
	const struct ubifs_lost *a = left, *b = right;
	return order(a->first, b->first);
}

/* Sorts what is lost, and joins what touches. */
static void join_lost(struct ubifs_index *index)
{
	size_t kept = 0;
	if (index->lost_count > 0)
		qsort(index->lost, index->lost_count, sizeof *index->lost, by_first);
	for (size_t i = 0; i < index->lost_count; i++) {
		struct ubifs_lost *last = kept > 0 ? &index->lost[kept - 1] : NULL;
		if (!last || index->lost[i].first > last->end)
			index->lost[kept++] = index->lost[i];
		else if (index->lost[i].end > last->end)
			last->end = index->lost[i].end;
	}
	index->lost_count = kept;
}

bool ubifs_content_is_lost(const struct ubifs_index *index, uint32_t inode)
{
	uint64_t first = key_of(inode, (uint32_t)UBIFS_DATA << KEY_TYPE_SHIFT);
	uint64_t end = key_of(inode, (uint32_t)(UBIFS_DATA + 1) << KEY_TYPE_SHIFT);
	size_t low = 0, high = index->lost_count; /* the first that ends behind the first key */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->lost[middle].end <= first)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->lost_count && index->lost[low].first < end;
}

enum outcome ubifs_read_index(const struct ubifs *ubifs, struct arena *arena, struct ubifs_index *out)
{
	struct cursor c = cursor_over(ubifs_find_master(ubifs));
	struct walk walk = { ubifs, arena, out, ubifs->bytes.size / BRANCH_SIZE, (uint64_t)ubifs->bytes.size * READ_MOST };
	cursor_skip(&c, 48);
	uint32_t block = cursor_u32le(&c), offset = cursor_u32le(&c);
	if (!cursor_ok(&c))
		return MALFORMED;
	TRY(walk_node(&walk, &(struct branch){ (uint64_t)block * ubifs->block_size + offset, 0, UINT64_MAX }, 0));
	join_lost(out);
	if (out->inode_count > 0)
		qsort(out->inodes, out->inode_count, sizeof *out->inodes, by_number);
	if (out->dirent_count > 0)
		qsort(out->dirents, out->dirent_count, sizeof *out->dirents, by_name);
	if (out->piece_count > 0)
		qsort(out->pieces, out->piece_count, sizeof *out->pieces, by_place);
	return DONE;
}
