/* LZ4: frames (lz4_Frame_format.md 1.6), and the legacy frames in which Linux kernels are packed. */
#include "unpack/stream.h"

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	return stream_measure(codec_stream_lz4, bytes, 64, arena, out);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	(void)volume;
	return stream_list(out, SPAN_NONE, 0);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_lz4, out);
}

const struct unpacker unpacker_lz4 = {
	.name = "lz4",
	.title = "LZ4 stream",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\x04\x22\x4D\x18", 0), MAGIC("\x02\x21\x4C\x18", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
