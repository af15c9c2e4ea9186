/* bzip2: blocks that begin with the digits of pi, each with its checksum. Layout: bzip2's manual. */
#include "unpack/stream.h"

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	return stream_measure(codec_stream_bzip2, bytes, 144, arena, out);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	(void)volume;
	return stream_list(out, SPAN_NONE, 0);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_bzip2, out);
}

#define BZIP2_MAGIC(level) MAGIC("BZh" level "\x31\x41\x59\x26\x53\x59", 0)

const struct unpacker unpacker_bzip2 = {
	.name = "bzip2",
	.title = "bzip2 stream",
	.role = ROLE_STREAM,
	.magics = { BZIP2_MAGIC("1"), BZIP2_MAGIC("2"), BZIP2_MAGIC("3"), BZIP2_MAGIC("4"), BZIP2_MAGIC("5"),
		    BZIP2_MAGIC("6"), BZIP2_MAGIC("7"), BZIP2_MAGIC("8"), BZIP2_MAGIC("9") },
	.measure = measure,
	.list = list,
	.read = read_content,
};
