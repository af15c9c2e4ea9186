/*
 * What of a UBIFS the index does not lead to: bytes that are no nodes, and nodes of the journal, which are newer than the
 * index. Described in ubifs.h.
 */
#include "base/cursor.h"
#include "base/effort.h"
#include "unpack/occupied.h"
#include "unpack/ubifs.h"

enum {
	LOG_FIRST = 3,          /* block: behind the superblock and two masters */
	LOG_BLOCKS_AT = 56,     /* in the superblock */
	LOG_AT = 44,            /* in the master */
	SEQUENCE_AT = 8,        /* in every node */
	TRUNCATION = 4,         /* the last type that the index leads to, or the journal */
	NODE_MOST = 16 * 1024,
	GAP_LEAST = 64,
	CHECKED_MOST = 4,       /* times the volume, in nodes that lie upon each other */
};

/* Blocks that hold packed numbers instead of nodes: which blocks are free. */
struct table {
	uint64_t first, end;
};

static struct table find_table(const struct ubifs *ubifs)
{
	struct cursor c = cursor_over(ubifs->bytes);
	cursor_seek(&c, LOG_BLOCKS_AT);
	uint64_t log = cursor_u32le(&c), table = cursor_u32le(&c);
	return (struct table){ LOG_FIRST + log, LOG_FIRST + log + table };
}

static uint64_t sequence_of(struct span node)
{
	struct cursor c = cursor_over(span_from(node, SEQUENCE_AT));
	return cursor_u64le(&c);
}

/* What has a greater number came after the index was written. */
static uint64_t find_commit(const struct ubifs *ubifs)
{
	struct span master = ubifs_find_master(ubifs);
	struct cursor c = cursor_over(span_from(master, LOG_AT));
	uint64_t log = cursor_u32le(&c);
	struct span commit = ubifs_node(ubifs->bytes, log * ubifs->block_size, UBIFS_COMMIT);
	return sequence_of(commit.size > 0 ? commit : master);
}

struct scan {
	struct occupied occupied;
	uint64_t commit, journal, left;
};

/* Nodes are filled up to what the flash writes at once. */
static size_t zeros_at(struct span bytes)
{
	size_t count = 0;
	while (count < bytes.size && effort_at(count) && span_byte(bytes, count) == 0)
		count++;
	return count;
}

static enum outcome take_node(struct scan *scan, struct span block, uint64_t at, uint64_t base, uint64_t *size)
{
	struct cursor c = cursor_over(span_from(block, at));
	cursor_skip(&c, 16);
	uint32_t length = cursor_u32le(&c);
	uint8_t type = cursor_u8(&c);
	*size = 8;
	if (!cursor_ok(&c) || length > NODE_MOST || scan->left < length)
		return DONE;
	scan->left -= length;
	struct span node = ubifs_node(block, at, (enum ubifs_type)type);
	if (node.size == 0)
		return DONE;
	*size = node.size + zeros_at(span_from(block, at + node.size));
	if (type <= TRUNCATION && sequence_of(node) > scan->commit)
		scan->journal += node.size;
	return occupied_add(&scan->occupied, base + at, *size);
}

static enum outcome scan_block(struct scan *scan, struct span block, uint64_t base)
{
	size_t at = 0;
	while ((at = span_find(block, SPAN_LITERAL("\x31\x18\x10\x06"), at)) != SPAN_NOT_FOUND) {
		uint64_t size = 8;
		if (at % 8 == 0)
			TRY(take_node(scan, block, at, base, &size));
		at += at % 8 == 0 ? (size_t)size : 8 - at % 8;
	}
	return DONE;
}

enum outcome ubifs_list_unused(const struct ubifs *ubifs, struct listing *out, uint64_t *journal)
{
	struct table table = find_table(ubifs);
	struct scan scan = { .occupied = { .arena = out->arena }, .commit = find_commit(ubifs),
			     .left = (uint64_t)ubifs->bytes.size * CHECKED_MOST };
	for (uint64_t i = 0; i < ubifs->blocks && i * ubifs->block_size < ubifs->bytes.size; i++) {
		uint64_t base = i * ubifs->block_size;
		if (i >= table.first && i < table.end)
			TRY(occupied_add(&scan.occupied, base, ubifs->block_size));
		else
			TRY(scan_block(&scan, span_slice(ubifs->bytes, base, ubifs->block_size), base));
	}
	*journal = scan.journal;
	return occupied_list_unused(&scan.occupied, 0, ubifs->bytes.size, GAP_LEAST, out);
}
