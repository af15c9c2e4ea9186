/*
 * Deflate, raw and in its zlib and gzip wrappers (RFC 1950, 1951, 1952). Blocks go
 * through libdeflate, which is fast but wants the whole output in one piece; streams
 * of unknown size that do not fit a generous guess go through zlib.
 */
#define ZLIB_CONST
#include <zlib.h>

#include "codec/pump.h"
#include "codec/scratch.h"

typedef enum libdeflate_result inflate_whole(struct libdeflate_decompressor *, const void *, size_t, void *, size_t,
					     size_t *, size_t *);

static enum outcome from_result(enum libdeflate_result result)
{
	return result == LIBDEFLATE_SUCCESS ? DONE : MALFORMED;
}

static enum outcome decode_block(struct codec_scratch *scratch, inflate_whole *inflate_it, struct span block,
				 size_t maximum, struct buffer *out)
{
	size_t took, gave;
	uint8_t *room;
	if (!scratch->deflate)
		scratch->deflate = libdeflate_alloc_decompressor();
	if (!scratch->deflate)
		return NO_MEMORY;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(block.size, maximum));
	TRY(from_result(inflate_it(scratch->deflate, block.data, block.size, buffer_end(out), maximum, &took,
				   &gave)));
	return buffer_extend(out, gave, &room);
}

enum outcome codec_deflate(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	return decode_block(scratch, libdeflate_deflate_decompress_ex, block, maximum, out);
}

enum outcome codec_zlib(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	return decode_block(scratch, libdeflate_zlib_decompress_ex, block, maximum, out);
}

enum outcome codec_gzip(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	return decode_block(scratch, libdeflate_gzip_decompress_ex, block, maximum, out);
}

/* zlib's windowBits for each wrapper. */
enum { WINDOW_RAW = -15, WINDOW_ZLIB = 15, WINDOW_GZIP = 31 };

static uInt clamped(size_t size)
{
	return size > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uInt)size;
}

static enum pump_state inflate_step(void *handle, struct pump_window *window)
{
	z_stream *stream = handle;
	uInt in = clamped(window->in.size), room = clamped(window->room_size);
	stream->next_in = window->in.data;
	stream->avail_in = in;
	stream->next_out = window->room;
	stream->avail_out = room;
	int result = inflate(stream, Z_NO_FLUSH);
	window->took = in - stream->avail_in;
	window->gave = room - stream->avail_out;
	switch (result) {
	case Z_OK:
	case Z_BUF_ERROR:
		return PUMP_MORE;
	case Z_STREAM_END:
		return PUMP_END;
	case Z_MEM_ERROR:
		return PUMP_NO_MEMORY;
	case Z_NEED_DICT:
		return PUMP_UNSUPPORTED;
	default:
		return PUMP_BROKEN;
	}
}

static enum outcome inflate_stream(int window_bits, struct span bytes, size_t maximum, size_t *consumed,
				   struct buffer *out)
{
	z_stream stream = { 0 };
	*consumed = 0;
	if (inflateInit2(&stream, window_bits) != Z_OK)
		return NO_MEMORY;
	enum outcome outcome = pump_run(inflate_step, &stream, bytes, maximum, consumed, out);
	(void)inflateEnd(&stream);
	return outcome;
}

/* Output that is worth reserving for a stream of unknown size, before it is decoded piece by piece. */
static size_t guess(struct span bytes, size_t maximum, const struct buffer *out)
{
	enum { SMALLEST = 256 * 1024, LARGEST = 32 * 1024 * 1024 };
	size_t size = bytes.size > LARGEST / 4 ? LARGEST : bytes.size * 4;
	if (size < SMALLEST)
		size = SMALLEST;
	if (size > maximum)
		size = maximum;
	return size > out->ceiling - out->size ? out->ceiling - out->size : size;
}

static enum outcome stream_whole(inflate_whole *inflate_it, int window_bits, struct span bytes, size_t maximum,
				 size_t *consumed, struct buffer *out)
{
	size_t room_size = guess(bytes, maximum, out), gave;
	uint8_t *room;
	*consumed = 0;
	TRY(buffer_reserve(out, room_size));
	TRY(codec_spend(0, 0));
	struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
	if (!decompressor)
		return NO_MEMORY;
	enum libdeflate_result result = inflate_it(decompressor, bytes.data, bytes.size, buffer_end(out),
						   room_size, consumed, &gave);
	libdeflate_free_decompressor(decompressor);
	if (result == LIBDEFLATE_SUCCESS)
		TRY(codec_spend(*consumed, gave));
	if (result == LIBDEFLATE_SUCCESS)
		return buffer_extend(out, gave, &room);
	/* Too large for the guess, or broken: zlib gives what there is before the break. */
	return inflate_stream(window_bits, bytes, maximum, consumed, out);
}

enum outcome codec_stream_deflate(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return stream_whole(libdeflate_deflate_decompress_ex, WINDOW_RAW, bytes, maximum, consumed, out);
}

enum outcome codec_stream_zlib(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return stream_whole(libdeflate_zlib_decompress_ex, WINDOW_ZLIB, bytes, maximum, consumed, out);
}

static enum outcome gzip_member(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return stream_whole(libdeflate_gzip_decompress_ex, WINDOW_GZIP, bytes, maximum, consumed, out);
}

enum outcome codec_stream_gzip(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return pump_members(gzip_member, SPAN_LITERAL("\x1f\x8b\x08"), bytes, maximum, consumed, out);
}
