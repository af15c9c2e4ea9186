/*
 * LZMA with the 13-byte header of .lzma files, and without any (the LZMA SDK's
 * lzma-specification.txt), through liblzma's raw decoder.
 */
#include "base/cursor.h"
#include "codec/pump.h"
#include "codec/scratch.h"

#include "codec/liblzma.h"

enum { HEADER_SIZE = 13, DICTIONARY_MINIMUM = 4096 };

struct lzma_header {
	struct codec_lzma_settings settings;
	uint32_t dictionary;
	uint64_t size; /* UINT64_MAX where unknown */
};

static enum outcome read_header(struct span block, struct lzma_header *header)
{
	struct cursor c = cursor_over(block);
	uint8_t properties = cursor_u8(&c);
	header->dictionary = cursor_u32le(&c);
	header->size = cursor_u64le(&c);
	if (!cursor_ok(&c) || properties >= 9 * 5 * 5)
		return MALFORMED;
	header->settings.literal_context = properties % 9;
	header->settings.literal_position = properties / 9 % 5;
	header->settings.position = properties / 45;
	return DONE;
}

/* Starts the raw decoder. A dictionary larger than the output is never looked at. */
static enum outcome start(lzma_stream *stream, const struct codec_lzma_settings *settings, size_t dictionary)
{
	if (settings->literal_context + settings->literal_position > LZMA_LCLP_MAX)
		return UNSUPPORTED;
	lzma_options_lzma options = {
		.dict_size = dictionary < DICTIONARY_MINIMUM ? DICTIONARY_MINIMUM :
			     dictionary > UINT32_MAX / 2     ? UINT32_MAX / 2 :
							       (uint32_t)dictionary,
		.lc = settings->literal_context,
		.lp = settings->literal_position,
		.pb = settings->position,
	};
	const lzma_filter filters[] = {
		{ .id = LZMA_FILTER_LZMA1, .options = &options },
		{ .id = LZMA_VLI_UNKNOWN },
	};
	lzma_ret result = lzma_raw_decoder(stream, filters);
	if (result == LZMA_OPTIONS_ERROR)
		return MALFORMED;
	return result == LZMA_OK ? DONE : NO_MEMORY;
}

/* Decodes until maximum bytes are there, the data ends or the block ends; at least minimum bytes must come. */
static enum outcome decode_body(struct codec_scratch *scratch, const struct codec_lzma_settings *settings,
				struct span body, size_t minimum, size_t maximum, struct buffer *out)
{
	uint8_t *room;
	lzma_stream *stream = &scratch->lzma;
	TRY(buffer_reserve(out, maximum));
	TRY(codec_spend(body.size, maximum));
	TRY(start(stream, settings, maximum));
	stream->next_in = body.data;
	stream->avail_in = body.size;
	stream->next_out = buffer_end(out);
	stream->avail_out = maximum;
	lzma_ret result = lzma_code(stream, LZMA_FINISH);
	size_t gave = maximum - stream->avail_out;
	if (result == LZMA_MEM_ERROR)
		return NO_MEMORY;
	if (result != LZMA_OK && result != LZMA_STREAM_END && result != LZMA_BUF_ERROR)
		return MALFORMED;
	if (gave < minimum)
		return MALFORMED;
	return buffer_extend(out, gave, &room);
}

enum outcome codec_lzma_raw(struct codec_scratch *scratch, const struct codec_lzma_settings *settings,
			    struct span block, size_t maximum, struct buffer *out)
{
	return decode_body(scratch, settings, block, maximum ? 1 : 0, maximum, out);
}

enum outcome codec_lzma(struct codec_scratch *scratch, struct span block, size_t maximum, struct buffer *out)
{
	struct lzma_header header;
	TRY(read_header(block, &header));
	bool known = header.size != UINT64_MAX;
	if (known && header.size > maximum)
		return MALFORMED;
	size_t most = known ? (size_t)header.size : maximum;
	return decode_body(scratch, &header.settings, span_from(block, HEADER_SIZE), known ? most : 0, most, out);
}

enum outcome codec_stream_lzma(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	*consumed = 0;
	if (lzma_alone_decoder(&stream, LIBLZMA_MEMORY_LIMIT) != LZMA_OK)
		return NO_MEMORY;
	enum outcome outcome = pump_run(liblzma_step, &stream, bytes, maximum, consumed, out);
	lzma_end(&stream);
	return outcome;
}
