/*
 * Android's sparse images: chunks of raw, repeated or absent blocks. Layout: AOSP,
 * system/core/libsparse/sparse_format.h.
 */
#include "base/cursor.h"
#include "unpack/stream.h"

enum {
	HEADER_SIZE = 28,
	CHUNK_HEADER_SIZE = 12,
	CHUNK_RAW = 0xCAC1,
	CHUNK_FILL = 0xCAC2,
	CHUNK_ABSENT = 0xCAC3,
	CHUNK_CRC = 0xCAC4,
	BLOCK_MOST = 1024 * 1024,
};

struct header {
	uint16_t header_size, chunk_header_size;
	uint32_t block_size, blocks, chunks;
};

struct chunk {
	uint16_t type;
	uint64_t size;    /* of what it becomes, bytes */
	struct span data;
};

static bool read_header(struct cursor *c, struct header *out)
{
	cursor_skip(c, 4);
	uint16_t major = cursor_u16le(c);
	cursor_skip(c, 2);
	out->header_size = cursor_u16le(c);
	out->chunk_header_size = cursor_u16le(c);
	out->block_size = cursor_u32le(c);
	out->blocks = cursor_u32le(c);
	out->chunks = cursor_u32le(c);
	bool sane = major == 1 && out->header_size >= HEADER_SIZE &&
		    out->chunk_header_size >= CHUNK_HEADER_SIZE &&
		    out->block_size > 0 && out->block_size % 4 == 0 && out->block_size <= BLOCK_MOST &&
		    out->chunks > 0;
	cursor_seek(c, out->header_size);
	return cursor_ok(c) && sane;
}

static bool next_chunk(struct cursor *c, const struct header *header, struct chunk *out)
{
	out->type = cursor_u16le(c);
	cursor_skip(c, 2);
	out->size = (uint64_t)cursor_u32le(c) * header->block_size;
	uint32_t total = cursor_u32le(c);
	if (!cursor_ok(c) || total < header->chunk_header_size)
		return false;
	cursor_skip(c, header->chunk_header_size - CHUNK_HEADER_SIZE);
	out->data = cursor_take(c, total - header->chunk_header_size);
	switch (out->type) {
	case CHUNK_RAW:
		return cursor_ok(c) && out->data.size == out->size;
	case CHUNK_FILL:
		return cursor_ok(c) && out->data.size == 4;
	case CHUNK_ABSENT:
		return cursor_ok(c) && out->data.size == 0;
	default:
		out->size = 0;
		return cursor_ok(c) && out->type == CHUNK_CRC;
	}
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	struct header header;
	struct chunk chunk;
	uint32_t chunks = 0;
	if (!read_header(&c, &header))
		return NOT_THIS;
	for (out->size = c.at; chunks < header.chunks && next_chunk(&c, &header, &chunk); chunks++)
		out->size = c.at;
	if (chunks == 0)
		return NOT_THIS;
	bool whole = chunks == header.chunks;
	out->bits = whole ? 96 : 56;
	out->detail = arena_format(arena, "%u blocks of %u bytes%s", header.blocks, header.block_size,
				   whole ? "" : ", broken off");
	if (!out->detail.data)
		return NO_MEMORY;
	return whole ? DONE : PARTIAL;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct cursor c = cursor_over(volume->bytes);
	struct header header;
	if (!read_header(&c, &header))
		return MALFORMED;
	return stream_list(out, SPAN_LITERAL("image"), (uint64_t)header.blocks * header.block_size);
}

static enum outcome append(const struct chunk *chunk, struct buffer *out)
{
	if (chunk->type == CHUNK_RAW)
		return buffer_append(out, chunk->data);
	if (chunk->size == 0)
		return DONE;
	if (chunk->size > SIZE_MAX)
		return OVER_BUDGET;
	if (chunk->type == CHUNK_ABSENT)
		return buffer_append_zeros(out, (size_t)chunk->size);
	TRY(buffer_append(out, chunk->data));
	return buffer_repeat(out, chunk->data.size, (size_t)chunk->size - chunk->data.size);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	struct cursor c = cursor_over(reader->volume->bytes);
	struct header header;
	struct chunk chunk;
	(void)entry;
	if (!read_header(&c, &header))
		return MALFORMED;
	for (uint32_t i = 0; i < header.chunks; i++) {
		if (!next_chunk(&c, &header, &chunk)) {
			notes_add(reader->notes, NOTE_WARNING, "android-sparse.broken", c.at,
				  "only %u of %u chunks can be read", i, header.chunks);
			return PARTIAL;
		}
		TRY(append(&chunk, out));
	}
	return DONE;
}

const struct unpacker unpacker_android_sparse = {
	.name = "android-sparse",
	.title = "Android sparse image",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\x3A\xFF\x26\xED\x01\x00", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
