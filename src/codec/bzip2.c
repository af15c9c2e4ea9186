/* bzip2, through libbz2. */
#include <bzlib.h>

#include "codec/pump.h"

static unsigned clamped(size_t size)
{
	return size > UINT32_MAX / 2 ? UINT32_MAX / 2 : (unsigned)size;
}

static enum pump_state bzip2_step(void *handle, struct pump_window *window)
{
	bz_stream *stream = handle;
	unsigned in = clamped(window->in.size), room = clamped(window->room_size);
	/* libbz2 reads its input through a pointer that is not const, and does not write there. */
	union {
		const uint8_t *given;
		char *wanted;
	} input = { .given = window->in.data };
	stream->next_in = input.wanted;
	stream->avail_in = in;
	stream->next_out = (char *)window->room;
	stream->avail_out = room;
	int result = BZ2_bzDecompress(stream);
	window->took = in - stream->avail_in;
	window->gave = room - stream->avail_out;
	switch (result) {
	case BZ_OK:
		return PUMP_MORE;
	case BZ_STREAM_END:
		return PUMP_END;
	case BZ_MEM_ERROR:
		return PUMP_NO_MEMORY;
	default:
		return PUMP_BROKEN;
	}
}

static enum outcome bzip2_stream(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	bz_stream stream = { 0 };
	*consumed = 0;
	if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
		return NO_MEMORY;
	enum outcome outcome = pump_run(bzip2_step, &stream, bytes, maximum, consumed, out);
	(void)BZ2_bzDecompressEnd(&stream);
	return outcome;
}

enum outcome codec_stream_bzip2(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return pump_members(bzip2_stream, SPAN_LITERAL("BZh"), bytes, maximum, consumed, out);
}

enum outcome codec_bzip2(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	size_t start = out->size, consumed;
	(void)scratch;
	enum outcome outcome = bzip2_stream(block, maximum, &consumed, out);
	if (outcome == DONE)
		return DONE;
	out->size = start;
	return outcome == NO_MEMORY ? NO_MEMORY : MALFORMED;
}
