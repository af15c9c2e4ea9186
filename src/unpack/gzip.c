/* gzip: RFC 1952. One member or several, each with the CRC-32 of its content. */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/stream.h"

enum {
	FLAG_EXTRA = 4,
	FLAG_NAME = 8,
	FLAG_COMMENT = 16,
	FIXED_SIZE = 10,
	EXTRA_MOST = 256, /* more than writers of such fields put there */
	FLAGS_RESERVED = 0xE0,
	NAME_MAX_SIZE = 255,
};

struct header {
	struct span name;
	uint32_t time;
	uint64_t size; /* up to the end of name and comment */
};

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 3);
	uint8_t flags = cursor_u8(&c);
	out->time = cursor_u32le(&c);
	cursor_skip(&c, 2);
	if (flags & FLAG_EXTRA)
		cursor_skip(&c, cursor_u16le(&c));
	out->name = SPAN_NONE;
	if (flags & FLAG_NAME) {
		struct span field = span_slice(bytes, c.at, NAME_MAX_SIZE);
		out->name = field_text(field);
		if (span_until_nul(field).size == field.size)
			return false;
		cursor_skip(&c, out->name.size + 1);
	}
	if (flags & FLAG_COMMENT)
		cursor_skip(&c, (uint64_t)span_until_nul(span_from(bytes, c.at)).size + 1);
	out->size = c.at;
	return cursor_ok(&c) && (flags & FLAGS_RESERVED) == 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header))
		return NOT_THIS;
	out->label = header.name;
	return stream_measure(codec_stream_gzip, bytes, 88, arena, out);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	TRY(stream_list(out, header.name, 0));
	/* Nothing reads an extra field or a comment. */
	return header.size > FIXED_SIZE + EXTRA_MOST ? listing_add_unused(out, FIXED_SIZE, header.size - FIXED_SIZE) : DONE;
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_gzip, out);
}

const struct unpacker unpacker_gzip = {
	.name = "gzip",
	.title = "gzip stream",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\x1f\x8b\x08", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
