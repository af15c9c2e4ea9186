/*
 * UBI: volumes over the erase blocks of raw flash. Each physical block starts with an
 * erase-counter header and, in use, a volume header that says which logical block of
 * which volume it holds; the newest sequence number wins. Layout: Linux,
 * drivers/mtd/ubi/ubi-media.h.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/occupied.h"
#include "unpack/unpacker.h"

enum {
	HEADER_SIZE = 64,
	CHECKED_SIZE = 60,
	BLOCK_LEAST = 0x1000,
	BLOCK_MOST = 0x800000,
	PROBE_SIZE = 16 * BLOCK_MOST, /* where the size of a block is looked for */
	FOREIGN_MAX = 8,       /* blocks in a row that are neither UBI nor erased end the image */
	VOLUMES_MAX = 128,
	RECORD_SIZE = 172,
	NAME_MAX_SIZE = 127,
	TYPE_STATIC = 2,
};

static const uint32_t layout_volume = 0x7FFFEFFF, internal_volumes = 0x7FFFEFFF;

struct geometry {
	uint32_t block_size;    /* of a physical block */
	uint32_t volume_header; /* offset of the volume header in it */
	uint32_t data;          /* offset of the data in it */
	uint32_t identity;      /* the same in all blocks of an image; 0 where its maker gave none */
	uint64_t size;          /* up to the end of the last block */
	size_t blocks;          /* physical blocks */
};

/* A logical block. */
struct block {
	uint32_t volume, number;
	uint64_t sequence;
	uint64_t offset;     /* of its data, in the image */
	uint32_t data_size;  /* of a static volume's block, else 0 */
	uint32_t used;       /* blocks that a static volume has in all */
	uint32_t data_crc;   /* of a static volume's block, or of a copy */
	uint32_t padding;    /* bytes at its end that the volume does not use */
	bool is_static;
};

/* What reading a volume needs. */
struct contents {
	const struct block *blocks; /* by number */
	size_t count;
	uint32_t block_size;        /* of a logical block */
	bool cut;                   /* further blocks were left out */
};

/* The header without its checksum has it: CRC-32 without the last complement. */
static bool checked(struct span header)
{
	struct cursor c = cursor_over(span_from(header, CHECKED_SIZE));
	return header.size == HEADER_SIZE &&
	       ~digest_crc32(0, span_slice(header, 0, CHECKED_SIZE)) == cursor_u32be(&c);
}

static bool read_counter_header(struct span bytes, uint64_t at, struct geometry *out)
{
	struct span header = span_slice(bytes, at, HEADER_SIZE);
	struct cursor c = cursor_over_order(header, true);
	if (!span_starts_text(header, "UBI#") || !checked(header))
		return false;
	cursor_skip(&c, 16);
	out->volume_header = cursor_u32(&c);
	out->data = cursor_u32(&c);
	out->identity = cursor_u32(&c);
	return out->volume_header >= HEADER_SIZE && out->data >= out->volume_header + HEADER_SIZE &&
	       out->data < BLOCK_MOST;
}

static bool same_image(const struct geometry *a, const struct geometry *b)
{
	return a->data == b->data && (a->identity == b->identity || a->identity == 0 || b->identity == 0);
}

/* The largest power of two at whose multiples the headers stand; 0 where there is only one header. */
static uint32_t find_block_size(struct span bytes, const struct geometry *first)
{
	uint32_t offsets = 0;
	for (uint32_t at = BLOCK_LEAST; at < bytes.size && at < PROBE_SIZE; at += BLOCK_LEAST) {
		struct geometry next;
		if (at > first->data && read_counter_header(bytes, at, &next) && same_image(first, &next))
			offsets |= at;
	}
	uint32_t size = offsets & (0 - offsets);
	return size > first->data && size <= BLOCK_MOST ? size : 0;
}

static bool read_geometry(struct span bytes, struct geometry *out)
{
	if (!read_counter_header(bytes, 0, out))
		return false;
	out->block_size = find_block_size(bytes, out);
	if (out->block_size == 0)
		return false;
	uint32_t foreign = 0;
	out->size = 0;
	for (uint64_t at = 0; at < bytes.size && foreign < FOREIGN_MAX; at += out->block_size) {
		struct geometry here;
		struct span block = span_slice(bytes, at, out->block_size);
		if (read_counter_header(bytes, at, &here)) {
			if (!same_image(out, &here))
				break;
			out->size = at + block.size;
			foreign = 0;
		} else if (!field_is_filled(block, 0xFF)) {
			foreign++;
		}
	}
	out->blocks = (size_t)((out->size + out->block_size - 1) / out->block_size);
	return true;
}

static bool read_volume_header(struct span bytes, uint64_t at, const struct geometry *geometry,
			       struct block *out)
{
	struct span header = span_slice(bytes, at + geometry->volume_header, HEADER_SIZE);
	struct cursor c = cursor_over_order(header, true);
	struct geometry here;
	if (!read_counter_header(bytes, at, &here) || !span_starts_text(header, "UBI!") || !checked(header))
		return false;
	cursor_skip(&c, 5);
	out->is_static = cursor_u8(&c) == TYPE_STATIC;
	bool copied = cursor_u8(&c) != 0;
	cursor_skip(&c, 1);
	out->volume = cursor_u32(&c);
	out->number = cursor_u32(&c);
	cursor_skip(&c, 4);
	uint32_t data_size = cursor_u32(&c);
	out->used = cursor_u32(&c);
	out->padding = cursor_u32(&c);
	out->data_crc = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->sequence = cursor_u64(&c);
	out->offset = at + geometry->data;
	out->data_size = out->is_static ? data_size : 0;
	uint32_t room = geometry->block_size - geometry->data;
	if (out->padding >= room || out->data_size > room)
		return false;
	/* A copy counts only when it was finished. */
	return !copied || ~digest_crc32(0, span_slice(bytes, out->offset, data_size)) == out->data_crc;
}

/* By volume and number, the newest first. */
static int compare_blocks(const void *left, const void *right)
{
	const struct block *a = left, *b = right;
	if (a->volume != b->volume)
		return a->volume < b->volume ? -1 : 1;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->sequence != b->sequence)
		return a->sequence > b->sequence ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Collects the logical blocks, sorted, each once. */
static enum outcome collect(struct volume *volume, const struct geometry *geometry, struct block **out,
			    size_t *count)
{
	struct block *blocks = ARENA_NEW(volume->arena, struct block, geometry->blocks + 1);
	size_t all = 0;
	if (!blocks)
		return NO_MEMORY;
	for (size_t i = 0; i < geometry->blocks; i++)
		if (read_volume_header(volume->bytes, (uint64_t)i * geometry->block_size, geometry,
				       &blocks[all]))
			all++;
	qsort(blocks, all, sizeof *blocks, compare_blocks);
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		const struct block *last = *count ? &blocks[*count - 1] : NULL;
		if (!last || last->volume != blocks[i].volume || last->number != blocks[i].number)
			blocks[(*count)++] = blocks[i];
	}
	*out = blocks;
	return DONE;
}

/* What a block holds beside its headers belongs to no volume where none of it is a sound header of one. */
static enum outcome list_unused(struct span bytes, const struct geometry *geometry, struct listing *out)
{
	struct occupied occupied = { .arena = out->arena };
	struct block block;
	struct geometry here;
	for (size_t i = 0; i < geometry->blocks; i++) {
		uint64_t at = (uint64_t)i * geometry->block_size, headers = geometry->volume_header + HEADER_SIZE;
		if (read_volume_header(bytes, at, geometry, &block)) /* an older copy of a block too */
			TRY(occupied_add(&occupied, at, block.is_static ? geometry->data + block.data_size : geometry->block_size));
		else if (read_counter_header(bytes, at, &here))
			TRY(occupied_add(&occupied, at, headers));
	}
	return occupied_list_unused(&occupied, 0, geometry->size, HEADER_SIZE, out);
}

/* A volume's record in the volume table; false where it has none. */
static bool find_record(struct span table, uint32_t volume, uint32_t *reserved, struct span *name)
{
	struct span record = span_slice(table, (uint64_t)volume * RECORD_SIZE, RECORD_SIZE);
	struct cursor c = cursor_over_order(record, true), crc = cursor_over_order(record, true);
	cursor_skip(&crc, RECORD_SIZE - 4);
	uint32_t sum = ~digest_crc32(0, span_slice(record, 0, RECORD_SIZE - 4));
	if (volume >= VOLUMES_MAX || sum != cursor_u32(&crc))
		return false;
	*reserved = cursor_u32(&c);
	cursor_skip(&c, 10);
	uint16_t size = cursor_u16(&c);
	*name = field_text(cursor_take(&c, size <= NAME_MAX_SIZE ? size : 0));
	return cursor_ok(&c) && *reserved > 0;
}

static enum outcome add_volume(struct volume *volume, struct listing *out, const struct geometry *geometry,
			       struct span table, const struct block *blocks, size_t count)
{
	struct span name = SPAN_NONE;
	uint32_t reserved = 0, identity = blocks->volume;
	bool known = find_record(table, identity, &reserved, &name);
	uint64_t limit = known && reserved > geometry->blocks ? reserved : geometry->blocks;
	size_t all = count;
	/* Block numbers beyond the volume would only ask for filler. */
	while (count > 0 && blocks[count - 1].number >= limit)
		count--;
	struct contents *contents = ARENA_NEW(volume->arena, struct contents, 1);
	if (!contents)
		return NO_MEMORY;
	*contents = (struct contents){ blocks, count,
				       geometry->block_size - geometry->data - blocks->padding, count < all };
	struct entry *entry;
	TRY(listing_add(out, &entry));
	entry->type = ENTRY_PART;
	entry->path = name.size ? arena_copy(volume->arena, name)
				: arena_format(volume->arena, "volume-%u", identity);
	entry->offset = blocks->offset;
	entry->detail = contents;
	for (size_t i = 0; i < count; i++)
		entry->size = blocks[i].is_static ? entry->size + blocks[i].data_size
						  : ((uint64_t)blocks[i].number + 1) * contents->block_size;
	return entry->path.data ? DONE : NO_MEMORY;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct geometry geometry = { 0 };
	if (!read_geometry(bytes, &geometry)) {
		out->effort = geometry.data > 0 ? PROBE_SIZE / HEADER_SIZE : 0;
		return NOT_THIS;
	}
	out->size = geometry.size;
	out->bits = 128;
	out->detail = arena_format(arena, "%zu blocks of %u KiB", geometry.blocks,
				   geometry.block_size / 1024);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct geometry geometry;
	struct block *blocks;
	size_t count;
	struct span table = SPAN_NONE;
	if (!read_geometry(volume->bytes, &geometry))
		return MALFORMED;
	TRY(collect(volume, &geometry, &blocks, &count));
	for (size_t i = 0; i < count; i++)
		if (blocks[i].volume == layout_volume && table.size == 0)
			table = span_slice(volume->bytes, blocks[i].offset, VOLUMES_MAX * RECORD_SIZE);
	if (table.size == 0)
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "ubi.no-table", NOTE_NO_OFFSET, 1,
				 "no volume table: whether these are all volumes is not known, and they are named by their "
				 "numbers");
	for (size_t start = 0, end; start < count && blocks[start].volume < internal_volumes; start = end) {
		for (end = start + 1; end < count && blocks[end].volume == blocks[start].volume;)
			end++;
		TRY(add_volume(volume, out, &geometry, table, &blocks[start], end - start));
	}
	TRY(list_unused(volume->bytes, &geometry, out));
	return table.size > 0 ? DONE : PARTIAL;
}

static enum outcome fill(struct buffer *out, uint64_t size)
{
	uint8_t *room;
	if (size > SIZE_MAX)
		return OVER_BUDGET;
	TRY(buffer_extend(out, (size_t)size, &room));
	memset(room, 0xFF, (size_t)size);
	return DONE;
}

/* Blocks in order; what a dynamic volume has never written reads as erased flash. */
static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct contents *contents = entry->detail;
	uint64_t next = 0;
	bool whole = !contents->cut;
	for (size_t i = 0; i < contents->count; i++) {
		const struct block *block = &contents->blocks[i];
		uint32_t size = block->is_static ? block->data_size : contents->block_size;
		struct span data = span_slice(reader->volume->bytes, block->offset, size);
		if (block->number > next && block->is_static)
			whole = false;
		else if (block->number > next)
			TRY(fill(out, (block->number - next) * contents->block_size));
		TRY(buffer_append(out, data));
		whole = whole && data.size == size && (!block->is_static || ~digest_crc32(0, data) == block->data_crc);
		next = (uint64_t)block->number + 1;
	}
	if (contents->count > 0 && contents->blocks->is_static && next < contents->blocks->used)
		whole = false;
	if (!whole)
		notes_add(reader->notes, NOTE_WARNING, "ubi.missing-blocks", NOTE_NO_OFFSET,
			  "blocks of volume %.*s are missing or damaged", SPAN_FORMAT(entry->path));
	return whole ? DONE : PARTIAL;
}

const struct unpacker unpacker_ubi = {
	.name = "ubi",
	.title = "UBI image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("UBI#", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
