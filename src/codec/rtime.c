/*
 * The "rtime" compressor of JFFS2 (Linux fs/jffs2/compr_rtime.c): each byte is followed
 * by how many bytes to repeat from where that byte stood last.
 */
#include "codec/codec.h"

enum outcome codec_rtime(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	size_t after[256] = { 0 }; /* output position behind the last place of each byte value */
	size_t start = out->size, gave = 0;
	uint8_t *room;
	(void)scratch;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(block.size, maximum));
	for (uint64_t at = 0; gave < maximum; at += 2) {
		if (!span_covers(block, at, 2))
			return MALFORMED;
		uint8_t value = span_byte(block, at);
		size_t repeat = span_byte(block, at + 1), from = after[value];
		room = out->data + start;
		room[gave++] = value;
		after[value] = gave;
		if (repeat > maximum - gave)
			return MALFORMED;
		/* May overlap: from is always behind gave. */
		for (size_t i = 0; i < repeat; i++, gave++)
			room[gave] = room[from + i];
	}
	return buffer_extend(out, gave, &room);
}
