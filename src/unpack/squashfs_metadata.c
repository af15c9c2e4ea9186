/* SquashFS metadata blocks: found by their place, decompressed once, read across their borders. */
#include "unpack/occupied.h"
#include "unpack/squashfs.h"

enum {
	BUCKETS = 1024,
	STORED = 0x8000, /* in a header: the block is not compressed */
};

struct block {
	uint64_t at;
	uint64_t next;
	struct span content; /* data is NULL where it could not be read */
	bool stored;
	struct block *chain;
};

struct squashfs_metadata {
	const struct squashfs *fs;
	struct arena *arena;
	struct codec_scratch *scratch;
	struct buffer content;
	struct block *buckets[BUCKETS];
};

enum outcome squashfs_metadata_new(const struct squashfs *fs, struct arena *arena, struct codec_scratch *scratch,
				   struct budget *budget, struct squashfs_metadata **out)
{
	struct squashfs_metadata *metadata = ARENA_NEW(arena, struct squashfs_metadata, 1);
	if (!metadata)
		return NO_MEMORY;
	metadata->fs = fs;
	metadata->arena = arena;
	metadata->scratch = scratch;
	buffer_init(&metadata->content, SQUASHFS_METADATA_SIZE, budget);
	*out = metadata;
	return DONE;
}

void squashfs_metadata_done(struct squashfs_metadata *metadata)
{
	buffer_done(&metadata->content);
}

/* The content of the block that the cursor stands at; data is NULL where it is broken. */
static struct span load(struct squashfs_metadata *metadata, struct block *block)
{
	const struct squashfs_super *super = &metadata->fs->super;
	/* 4.0 reads these two bytes in little-endian order even where all else is big-endian (AVM). */
	struct cursor c = cursor_over_order(metadata->fs->bytes, super->big_endian && super->major < 4);
	cursor_seek(&c, block->at);
	uint16_t header = cursor_u16(&c);
	if (super->check_bytes)
		cursor_skip(&c, 1);
	uint32_t size = header & (STORED - 1);
	struct span bytes = cursor_take(&c, size ? size : STORED);
	block->next = c.at;
	block->stored = header & STORED;
	if (!cursor_ok(&c))
		return SPAN_NONE;
	buffer_clear(&metadata->content);
	enum outcome outcome = block->stored && bytes.size <= SQUASHFS_METADATA_SIZE ?
				       buffer_append(&metadata->content, bytes) :
				       squashfs_decode(&metadata->fs->codec, metadata->scratch, bytes,
						       SQUASHFS_METADATA_SIZE, &metadata->content);
	return outcome == DONE ? arena_copy(metadata->arena, buffer_span(&metadata->content)) : SPAN_NONE;
}

static const struct block *find(struct squashfs_metadata *metadata, uint64_t at)
{
	struct block **bucket = &metadata->buckets[(at ^ at >> 10 ^ at >> 20) % BUCKETS];
	for (struct block *block = *bucket; block; block = block->chain)
		if (block->at == at)
			return block;
	struct block *block = ARENA_NEW(metadata->arena, struct block, 1);
	if (!block)
		return NULL;
	block->at = at;
	block->content = load(metadata, block);
	block->chain = *bucket;
	*bucket = block;
	return block;
}

/* What is left of the block at the position, which moves on to the next block where nothing is. */
static struct span rest(struct squashfs_metadata *metadata, struct squashfs_position *at)
{
	const struct block *block = find(metadata, at->block);
	if (block && block->content.data && at->offset >= block->content.size && block->content.size > 0) {
		at->offset -= (uint32_t)block->content.size;
		at->block = block->next;
		block = find(metadata, at->block);
	}
	if (!block || !block->content.data)
		return SPAN_NONE;
	return span_from(block->content, at->offset);
}

static struct span read_across(struct squashfs_metadata *metadata, struct squashfs_position *at, size_t size)
{
	struct squashfs_position check = *at;
	if (!squashfs_metadata_skip(metadata, &check, size))
		return SPAN_NONE;
	uint8_t *whole = arena_allocate(metadata->arena, size, 1);
	for (size_t have = 0; whole && have < size;) {
		struct span part = span_slice(rest(metadata, at), 0, size - have);
		memcpy(whole + have, part.data, part.size);
		have += part.size;
		at->offset += (uint32_t)part.size;
	}
	return whole ? span_of(whole, size) : SPAN_NONE;
}

struct span squashfs_metadata_read(struct squashfs_metadata *metadata, struct squashfs_position *at, size_t size)
{
	struct span part = span_slice(rest(metadata, at), 0, size);
	if (!part.data)
		return SPAN_NONE;
	if (part.size < size)
		return read_across(metadata, at, size);
	at->offset += (uint32_t)size;
	return part;
}

bool squashfs_metadata_skip(struct squashfs_metadata *metadata, struct squashfs_position *at, uint64_t size)
{
	while (size > 0) {
		struct span part = span_slice(rest(metadata, at), 0, size);
		if (part.size == 0)
			return false;
		at->offset += (uint32_t)part.size;
		size -= part.size;
	}
	return true;
}

struct span squashfs_metadata_indexed(struct squashfs_metadata *metadata, uint64_t table, uint64_t index,
				      size_t entry_size)
{
	const struct squashfs *fs = metadata->fs;
	bool wide = fs->super.major > 2; /* positions of 64 bits */
	uint64_t per_block = SQUASHFS_METADATA_SIZE / entry_size;
	struct cursor c = cursor_over_order(fs->bytes, fs->super.big_endian);
	cursor_seek(&c, table);
	cursor_skip(&c, index / per_block * (wide ? 8 : 4));
	struct squashfs_position at = {
		.block = wide ? cursor_u64(&c) : cursor_u32(&c),
		.offset = (uint32_t)(index % per_block * entry_size),
	};
	return cursor_ok(&c) ? squashfs_metadata_read(metadata, &at, entry_size) : SPAN_NONE;
}

bool squashfs_metadata_stored(struct squashfs_metadata *metadata, uint64_t block)
{
	const struct block *found = find(metadata, block);
	return found && found->stored;
}

enum outcome squashfs_metadata_occupied(const struct squashfs_metadata *metadata, struct occupied *out)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (const struct block *block = metadata->buckets[i]; block; block = block->chain)
			if (block->content.data)
				TRY(occupied_add(out, block->at, block->next - block->at));
	return DONE;
}
