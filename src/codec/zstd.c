/* Zstandard (RFC 8878), through libzstd. */
#include <zstd_errors.h>

#include "codec/pump.h"
#include "codec/scratch.h"

enum { WINDOW_LOG_MAXIMUM = 27 };

enum outcome codec_zstd(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	uint8_t *room;
	if (!scratch->zstd)
		scratch->zstd = ZSTD_createDCtx();
	if (!scratch->zstd)
		return NO_MEMORY;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(block.size, maximum));
	size_t gave = ZSTD_decompressDCtx(scratch->zstd, buffer_end(out), maximum, block.data, block.size);
	if (ZSTD_isError(gave)) {
		/* Padding after the frame is an error to libzstd, and none to us. */
		size_t frame = ZSTD_findFrameCompressedSize(block.data, block.size);
		if (ZSTD_isError(frame) || frame >= block.size)
			return MALFORMED;
		gave = ZSTD_decompressDCtx(scratch->zstd, buffer_end(out), maximum, block.data, frame);
		if (ZSTD_isError(gave))
			return MALFORMED;
	}
	return buffer_extend(out, gave, &room);
}

static enum pump_state from_error(size_t result)
{
	switch (ZSTD_getErrorCode(result)) {
	case ZSTD_error_memory_allocation:
		return PUMP_NO_MEMORY;
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_frameParameter_unsupported:
	case ZSTD_error_dictionary_wrong:
		return PUMP_UNSUPPORTED;
	default:
		return PUMP_BROKEN;
	}
}

static enum pump_state zstd_step(void *handle, struct pump_window *window)
{
	ZSTD_inBuffer in = { window->in.data, window->in.size, 0 };
	ZSTD_outBuffer room = { window->room, window->room_size, 0 };
	size_t result = ZSTD_decompressStream(handle, &room, &in);
	window->took = in.pos;
	window->gave = room.pos;
	if (ZSTD_isError(result))
		return from_error(result);
	return result == 0 ? PUMP_END : PUMP_MORE;
}

static enum outcome frame(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	*consumed = 0;
	ZSTD_DCtx *context = ZSTD_createDCtx();
	if (!context)
		return NO_MEMORY;
	(void)ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG_MAXIMUM);
	enum outcome outcome = pump_run(zstd_step, context, bytes, maximum, consumed, out);
	(void)ZSTD_freeDCtx(context);
	return outcome;
}

enum outcome codec_stream_zstd(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	return pump_members(frame, SPAN_LITERAL("\x28\xb5\x2f\xfd"), bytes, maximum, consumed, out);
}
