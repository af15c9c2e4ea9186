/* The .xz format (tukaani.org/xz/xz-file-format.txt) with any of its filters, through liblzma. */
#include "codec/liblzma.h"
#include "codec/scratch.h"

enum outcome codec_xz(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	uint8_t *room;
	lzma_stream *stream = &scratch->xz;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(block.size, maximum));
	if (lzma_stream_decoder(stream, LIBLZMA_MEMORY_LIMIT, 0) != LZMA_OK)
		return NO_MEMORY;
	stream->next_in = block.data;
	stream->avail_in = block.size;
	stream->next_out = buffer_end(out);
	stream->avail_out = maximum;
	lzma_ret result = lzma_code(stream, LZMA_FINISH);
	if (result == LZMA_STREAM_END)
		return buffer_extend(out, maximum - stream->avail_out, &room);
	if (result == LZMA_MEM_ERROR)
		return NO_MEMORY;
	return result == LZMA_OPTIONS_ERROR || result == LZMA_MEMLIMIT_ERROR ? UNSUPPORTED : MALFORMED;
}

static enum outcome xz_stream(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	*consumed = 0;
	if (lzma_stream_decoder(&stream, LIBLZMA_MEMORY_LIMIT, 0) != LZMA_OK)
		return NO_MEMORY;
	enum outcome outcome = pump_run(liblzma_step, &stream, bytes, maximum, consumed, out);
	lzma_end(&stream);
	return outcome;
}

enum outcome codec_stream_xz(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return pump_members(xz_stream, SPAN_LITERAL("\xfd" "7zXZ\0"), bytes, maximum, consumed, out);
}
