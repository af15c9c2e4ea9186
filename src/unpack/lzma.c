/*
 * lzma-alone: one byte of properties, the dictionary's size, the content's size (or
 * all ones). There is no magic and no checksum, so a claim needs a plausible header,
 * data that looks compressed, and a decoder that comes to the end.
 * Layout: the LZMA SDK's lzma-specification.txt.
 */
#include "base/cursor.h"
#include "unpack/stream.h"

enum {
	HEADER_SIZE = 13,
	DICTIONARY_LEAST = 4096,
	CONTENT_LEAST = 512,
	BROKEN_LEAST = 64 * 1024, /* bytes of content that a broken stream must have given to be believed */
};

struct header {
	uint32_t dictionary;
	uint64_t size; /* UINT64_MAX where it is not stated */
	uint8_t properties;
};

/* Encoders state 2^n or 2^n + 2^(n-1) bytes. */
static bool is_dictionary(uint32_t size)
{
	uint32_t high = size;
	if (size < DICTIONARY_LEAST)
		return false;
	while (high & (high - 1))
		high &= high - 1;
	return size == high || size == high + high / 2;
}

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	out->properties = cursor_u8(&c);
	out->dictionary = cursor_u32le(&c);
	out->size = cursor_u64le(&c);
	/* The range coder always starts with a zero byte. */
	uint8_t first = cursor_u8(&c);
	bool sized = out->size >= CONTENT_LEAST && out->size <= INT32_MAX;
	return cursor_ok(&c) && first == 0 && is_dictionary(out->dictionary) &&
	       (sized || out->size == UINT64_MAX) &&
	       out->properties % 9 + out->properties / 9 % 5 <= 4;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header) || !stream_looks_compressed(span_slice(bytes, HEADER_SIZE, 2048)))
		return NOT_THIS;
	struct stream_probe probe = stream_probe(codec_stream_lzma, bytes, &out->content);
	if (probe.outcome == NO_MEMORY)
		return NO_MEMORY;
	bool whole = probe.outcome == DONE && probe.produced >= CONTENT_LEAST &&
		     (header.size == UINT64_MAX || header.size == probe.produced);
	bool broken = (probe.outcome == PARTIAL || probe.outcome == OVER_BUDGET) &&
		      probe.produced >= BROKEN_LEAST;
	out->effort = probe.consumed + probe.produced;
	struct span taken = span_slice(bytes, 0, probe.consumed);
	if ((!whole && !broken) || !stream_looks_compressed(span_from(taken, HEADER_SIZE)))
		return NOT_THIS;
	out->size = probe.outcome == OVER_BUDGET ? bytes.size : probe.consumed;
	out->bits = whole ? 72 : 32;
	out->detail = arena_format(arena, "lc %u lp %u pb %u, dictionary %u KiB, %zu bytes of content%s",
				   header.properties % 9, header.properties / 9 % 5, header.properties / 45,
				   header.dictionary / 1024, probe.produced, whole ? "" : ", broken off");
	if (!out->detail.data)
		return NO_MEMORY;
	return whole ? DONE : PARTIAL;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	return stream_list(out, SPAN_NONE, header.size == UINT64_MAX ? 0 : header.size);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_lzma, out);
}

const struct unpacker unpacker_lzma = {
	.name = "lzma",
	.title = "lzma stream",
	.role = ROLE_STREAM,
	/* The properties that encoders and makers use; the dictionary is a multiple of 64 KiB. */
	.magics = { MAGIC("\x5d\0\0", 0), MAGIC("\x6d\0\0", 0), MAGIC("\x6c\0\0", 0), MAGIC("\x6e\0\0", 0),
		    MAGIC("\x5e\0\0", 0), MAGIC("\x5a\0\0", 0), MAGIC("\x5b\0\0", 0), MAGIC("\x5c\0\0", 0),
		    MAGIC("\x66\0\0", 0), MAGIC("\x63\0\0", 0), MAGIC("\x51\0\0", 0), MAGIC("\x87\0\0", 0),
		    MAGIC("\x88\0\0", 0), MAGIC("\x2d\0\0", 0), MAGIC("\x75\0\0", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
