/*
 * lzop: a header with an Adler-32 or CRC-32, then LZO blocks. Layout: lzop's own documentation of its
 * format.
 */
#include <zlib.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/stream.h"

enum {
	MAGIC_SIZE = 9,
	FLAG_ADLER32_OUT = 0x1,
	FLAG_ADLER32_IN = 0x2,
	FLAG_EXTRA = 0x40,
	FLAG_CRC32_OUT = 0x100,
	FLAG_CRC32_IN = 0x200,
	FLAG_FILTER = 0x800,
	FLAG_HEADER_CRC32 = 0x1000,
	VERSION_WITH_LEVEL = 0x940,
};

struct header {
	uint32_t flags;
	struct span name;
	size_t size;
	bool intact; /* its checksum holds */
};

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, MAGIC_SIZE);
	uint16_t version = cursor_u16be(&c);
	bool with_level = version >= VERSION_WITH_LEVEL;
	cursor_skip(&c, with_level ? 4 : 2);
	cursor_skip(&c, with_level ? 2 : 1); /* method, level */
	out->flags = cursor_u32be(&c);
	cursor_skip(&c, out->flags & FLAG_FILTER ? 4 : 0);
	cursor_skip(&c, with_level ? 12 : 8); /* mode, time */
	out->name = field_text(cursor_take(&c, cursor_u8(&c)));
	struct span summed = span_slice(bytes, MAGIC_SIZE, c.at - MAGIC_SIZE);
	uint32_t stated = cursor_u32be(&c);
	if (!cursor_ok(&c))
		return false;
	uint32_t sum = out->flags & FLAG_HEADER_CRC32 ? digest_crc32(0, summed)
						      : (uint32_t)adler32_z(1, summed.data, summed.size);
	out->intact = sum == stated;
	if (out->flags & FLAG_EXTRA)
		cursor_skip(&c, (uint64_t)cursor_u32be(&c) + 4);
	out->size = c.at;
	return cursor_ok(&c);
}

static uint64_t sums(uint32_t flags, uint32_t adler, uint32_t crc)
{
	return (flags & adler ? 4U : 0U) + (flags & crc ? 4U : 0U);
}

/* Walks over the blocks; false where they break off. *content is what they decode to. */
static bool walk(struct span bytes, const struct header *header, uint64_t *end, uint64_t *content)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, header->size);
	for (;;) {
		uint32_t size = cursor_u32be(&c);
		if (cursor_ok(&c))
			*end = c.at;
		if (size == 0)
			return cursor_ok(&c);
		uint32_t stored = cursor_u32be(&c);
		cursor_skip(&c, sums(header->flags, FLAG_ADLER32_OUT, FLAG_CRC32_OUT));
		if (stored < size)
			cursor_skip(&c, sums(header->flags, FLAG_ADLER32_IN, FLAG_CRC32_IN));
		cursor_skip(&c, stored);
		if (!cursor_ok(&c) || stored > size)
			return false;
		*content += size;
	}
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header) || !header.intact)
		return NOT_THIS;
	uint64_t end = header.size, content = 0;
	bool whole = walk(bytes, &header, &end, &content);
	out->size = whole ? end : bytes.size;
	out->bits = whole ? 136 : 104;
	out->label = header.name;
	out->detail = arena_format(arena, "%llu bytes of content%s", (unsigned long long)content,
				   whole ? "" : ", broken off");
	if (!out->detail.data)
		return NO_MEMORY;
	return whole ? DONE : PARTIAL;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	return stream_list(out, header.name, 0);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_lzop, out);
}

const struct unpacker unpacker_lzop = {
	.name = "lzop",
	.title = "lzop stream",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\x89LZO\0\r\n\x1a\n", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
