/*
 * Files of the lzop program: a header with optional fields, then LZO1X blocks with
 * optional checksums. The layout is as Linux lib/decompress_unlzo.c and lzop's own
 * documentation describe it.
 */
#include <zlib.h>

#include "base/cursor.h"
#include "base/digest.h"
#include "codec/codec.h"

enum {
	FLAG_ADLER32_OUT = 0x1,
	FLAG_ADLER32_IN = 0x2,
	FLAG_EXTRA = 0x40,
	FLAG_CRC32_OUT = 0x100,
	FLAG_CRC32_IN = 0x200,
	FLAG_FILTER = 0x800,
	VERSION_WITH_LEVEL = 0x940,
	METHOD_LZO1X_FIRST = 1,
	METHOD_LZO1X_LAST = 3,
	BLOCK_MAXIMUM = 64 * 1024 * 1024,
};

static enum outcome read_header(struct cursor *c, uint32_t *flags)
{
	if (!span_equal(cursor_take(c, 9), SPAN_LITERAL("\x89LZO\0\r\n\x1a\n")))
		return NOT_THIS;
	uint16_t version = cursor_u16be(c);
	cursor_skip(c, 2); /* version of the library */
	if (version >= VERSION_WITH_LEVEL)
		cursor_skip(c, 2); /* version needed */
	uint8_t method = cursor_u8(c);
	if (version >= VERSION_WITH_LEVEL)
		cursor_skip(c, 1); /* level */
	*flags = cursor_u32be(c);
	if (*flags & FLAG_FILTER)
		cursor_skip(c, 4);
	cursor_skip(c, 8); /* mode, time */
	if (version >= VERSION_WITH_LEVEL)
		cursor_skip(c, 4); /* high half of the time */
	cursor_skip(c, cursor_u8(c)); /* name */
	cursor_skip(c, 4);            /* checksum of the header */
	if (*flags & FLAG_EXTRA)
		cursor_skip(c, (uint64_t)cursor_u32be(c) + 4);
	if (!cursor_ok(c))
		return MALFORMED;
	bool readable = method >= METHOD_LZO1X_FIRST && method <= METHOD_LZO1X_LAST && !(*flags & FLAG_FILTER);
	return readable ? DONE : UNSUPPORTED;
}

static size_t checksums(uint32_t flags, uint32_t adler, uint32_t crc)
{
	return (flags & adler ? 4U : 0U) + (flags & crc ? 4U : 0U);
}

/* The checksums that the file has of a block, as it is decoded. */
struct sums {
	uint32_t adler, crc;
};

static void read_sums(struct cursor *c, uint32_t flags, struct sums *out)
{
	out->adler = flags & FLAG_ADLER32_OUT ? cursor_u32be(c) : 0;
	out->crc = flags & FLAG_CRC32_OUT ? cursor_u32be(c) : 0;
}

static bool sums_hold(uint32_t flags, const struct sums *sums, struct span content)
{
	return (!(flags & FLAG_ADLER32_OUT) || (uint32_t)adler32_z(1, content.data, content.size) == sums->adler) &&
	       (!(flags & FLAG_CRC32_OUT) || digest_crc32(0, content) == sums->crc);
}

/* Appends one block; *last is set at the mark of the end. */
static enum outcome read_block(struct cursor *c, uint32_t flags, size_t maximum, struct buffer *out, bool *last)
{
	uint32_t size = cursor_u32be(c);
	*last = cursor_ok(c) && size == 0;
	if (*last)
		return DONE;
	uint32_t stored = cursor_u32be(c);
	struct sums sums;
	read_sums(c, flags, &sums);
	if (stored < size)
		cursor_skip(c, checksums(flags, FLAG_ADLER32_IN, FLAG_CRC32_IN));
	struct span block = cursor_take(c, stored);
	if (!cursor_ok(c) || size > BLOCK_MAXIMUM || stored > size)
		return MALFORMED;
	if (size > maximum)
		return OVER_BUDGET;
	size_t before = out->size;
	TRY(stored == size ? buffer_append(out, block) : codec_lzo(NULL, block, size, out));
	bool whole = out->size - before == size && sums_hold(flags, &sums, span_from(buffer_span(out), before));
	return whole ? DONE : MALFORMED;
}

enum outcome codec_stream_lzop(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	struct cursor c = cursor_over(bytes);
	size_t start = out->size;
	uint32_t flags;
	bool last = false;
	*consumed = 0;
	TRY(read_header(&c, &flags));
	while (!last) {
		*consumed = c.at;
		enum outcome outcome = read_block(&c, flags, maximum - (out->size - start), out, &last);
		if (outcome == MALFORMED)
			return out->size > start ? PARTIAL : MALFORMED;
		TRY(outcome);
	}
	*consumed = c.at;
	return DONE;
}
