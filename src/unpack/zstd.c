/* Zstandard: RFC 8878. */
#include "unpack/stream.h"

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	return stream_measure(codec_stream_zstd, bytes, 64, arena, out);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	(void)volume;
	return stream_list(out, SPAN_NONE, 0);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_zstd, out);
}

const struct unpacker unpacker_zstd = {
	.name = "zstd",
	.title = "Zstandard stream",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\x28\xB5\x2F\xFD", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
