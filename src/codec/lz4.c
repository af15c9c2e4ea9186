/*
 * LZ4 blocks, frames (lz4_Frame_format.md) and the legacy frames that Linux kernels
 * are compressed with, through liblz4.
 */
#include <limits.h>
#include <lz4.h>
#include <lz4frame.h>

#include "base/cursor.h"
#include "codec/pump.h"

enum outcome codec_lz4(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	uint8_t *room;
	(void)scratch;
	if (block.size > INT_MAX || maximum > INT_MAX)
		return UNSUPPORTED;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(block.size, maximum < block.size * 255 ? maximum : block.size * 255));
	int gave = LZ4_decompress_safe((const char *)block.data, (char *)buffer_end(out), (int)block.size,
				       (int)maximum);
	if (gave < 0)
		return MALFORMED;
	return buffer_extend(out, (size_t)gave, &room);
}

static enum pump_state frame_step(void *handle, struct pump_window *window)
{
	size_t took = window->in.size, gave = window->room_size;
	size_t hint = LZ4F_decompress(handle, window->room, &gave, window->in.data, &took, NULL);
	if (LZ4F_isError(hint))
		return PUMP_BROKEN;
	window->took = took;
	window->gave = gave;
	return hint == 0 ? PUMP_END : PUMP_MORE;
}

static enum outcome frame(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	LZ4F_dctx *context;
	*consumed = 0;
	if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
		return NO_MEMORY;
	enum outcome outcome = pump_run(frame_step, context, bytes, maximum, consumed, out);
	(void)LZ4F_freeDecompressionContext(context);
	return outcome;
}

enum { LEGACY_MAGIC = 0x184c2102, LEGACY_BLOCK = 8 * 1024 * 1024 };
#define FRAME_MAGIC SPAN_LITERAL("\x04\x22\x4d\x18")

/*
 * Legacy frames have no end: blocks follow until there are no more. Every block but
 * the last gives 8 MiB. A kernel build appends the size of the whole, which is no block.
 */
static enum outcome legacy(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	struct cursor c = cursor_over(bytes);
	size_t start = out->size;
	(void)cursor_u32le(&c);
	*consumed = c.at;
	for (;;) {
		size_t before = out->size, left = maximum - (before - start);
		uint32_t size = cursor_u32le(&c);
		if (size == LEGACY_MAGIC)
			continue;
		struct span block = cursor_take(&c, size);
		if (!cursor_ok(&c) || size == 0 || size > (uint32_t)LZ4_COMPRESSBOUND(LEGACY_BLOCK))
			break;
		enum outcome outcome = codec_lz4(NULL, block, left < LEGACY_BLOCK ? left : LEGACY_BLOCK, out);
		if (outcome == MALFORMED)
			break;
		TRY(outcome);
		*consumed = c.at;
		if (out->size - before < LEGACY_BLOCK)
			break;
	}
	return out->size > start ? DONE : MALFORMED;
}

enum outcome codec_stream_lz4(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	struct cursor c = cursor_over(bytes);
	if (cursor_u32le(&c) == LEGACY_MAGIC)
		return legacy(bytes, maximum, consumed, out);
	return pump_members(frame, FRAME_MAGIC, bytes, maximum, consumed, out);
}
