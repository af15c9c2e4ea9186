/*
 * xz: .xz file format 1.2.1. The end is found from a footer whose index accounts for
 * exactly the bytes since the header, so nothing needs decoding before it is read.
 */
#include <lzma.h>

#include "unpack/stream.h"

enum { MEMORY_LIMIT = 64 * 1024 * 1024, FOOTERS_MAX = 4096 /* candidates that are looked at */ };

/* The bytes of a stream whose footer ends at `end`, or 0; *content is what it decodes to. */
static uint64_t size_by_footer(struct span bytes, uint64_t end, const lzma_stream_flags *header,
			       uint64_t *content)
{
	lzma_stream_flags footer;
	struct span tail = span_slice(bytes, end - LZMA_STREAM_HEADER_SIZE, LZMA_STREAM_HEADER_SIZE);
	if (lzma_stream_footer_decode(&footer, tail.data) != LZMA_OK ||
	    lzma_stream_flags_compare(header, &footer) != LZMA_OK)
		return 0;
	uint64_t before = end - LZMA_STREAM_HEADER_SIZE;
	if (footer.backward_size > before)
		return 0;
	struct span index_bytes = span_slice(bytes, before - footer.backward_size, footer.backward_size);
	lzma_index *index = NULL;
	uint64_t limit = MEMORY_LIMIT;
	size_t at = 0;
	if (lzma_index_buffer_decode(&index, &limit, NULL, index_bytes.data, &at,
				     index_bytes.size) != LZMA_OK)
		return 0;
	uint64_t size = lzma_index_stream_size(index);
	*content = lzma_index_uncompressed_size(index);
	lzma_index_end(index, NULL);
	return size == end ? size : 0;
}

/* Looks for the first footer that fits; 0 where there is none. */
static uint64_t find_end(struct span bytes, const lzma_stream_flags *header, uint64_t *content)
{
	size_t at = LZMA_STREAM_HEADER_SIZE;
	uint32_t footers = 0;
	while ((at = span_find(bytes, SPAN_LITERAL("YZ"), at)) != SPAN_NOT_FOUND &&
	       footers++ < FOOTERS_MAX) {
		uint64_t end = (uint64_t)at + 2;
		/* Everything in a stream is a multiple of four bytes. */
		uint64_t size = end % 4 == 0 && end >= 2 * (uint64_t)LZMA_STREAM_HEADER_SIZE
					? size_by_footer(bytes, end, header, content)
					: 0;
		if (size != 0)
			return size;
		at++;
	}
	return 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	lzma_stream_flags header;
	uint64_t content = 0;
	if (bytes.size < LZMA_STREAM_HEADER_SIZE || lzma_stream_header_decode(&header, bytes.data) != LZMA_OK)
		return NOT_THIS;
	uint64_t size = find_end(bytes, &header, &content);
	if (size == 0) {
		/* The header has a checksum of its own, so this is one; decoding tells how far it reaches. */
		struct stream_probe probe = stream_probe(codec_stream_xz, bytes, NULL);
		out->effort = bytes.size + probe.produced;
		if (probe.produced == 0)
			return NOT_THIS;
		out->size = probe.outcome == OVER_BUDGET ? bytes.size : probe.consumed;
		out->bits = 80;
		out->detail = SPAN_LITERAL("broken off");
		return PARTIAL;
	}
	out->size = size;
	out->bits = 144;
	out->detail = arena_format(arena, "%llu bytes of content", (unsigned long long)content);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	(void)volume;
	return stream_list(out, SPAN_NONE, 0);
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return stream_read(reader, codec_stream_xz, out);
}

const struct unpacker unpacker_xz = {
	.name = "xz",
	.title = "xz stream",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\xFD" "7zXZ\0", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
