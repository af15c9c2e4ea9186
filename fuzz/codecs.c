/* Fuzzes every codec and stream decoder: the first byte chooses, the rest is its input. */
#include "codec/codec.h"
#include "target.h"

enum { MAXIMUM = 256 * 1024 };

static size_t blocks(void)
{
	size_t count = 0;
	while (codecs[count].name)
		count++;
	return count;
}

static size_t streams(void)
{
	size_t count = 0;
	while (codec_streams[count].name)
		count++;
	return count;
}

/* What is promised whatever the input: no more than the maximum, and nothing taken that was not there. */
static void decode(size_t choice, struct span input, struct buffer *out)
{
	struct codec_scratch *scratch;
	size_t consumed;
	if (choice >= blocks()) {
		enum outcome outcome = codec_streams[choice - blocks()].decode(input, MAXIMUM, &consumed, out);
		if (consumed > input.size || (outcome == PARTIAL && out->size == 0))
			abort();
	} else if (codec_scratch_new(&scratch) == DONE) {
		enum outcome outcome = codecs[choice].decode(scratch, input, MAXIMUM, out);
		if (outcome != DONE && out->size > 0)
			abort();
		codec_scratch_free(scratch);
	}
	if (out->size > MAXIMUM)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of(data, size);
	struct buffer out;
	buffer_init(&out, 1024 * 1024, NULL);
	decode(span_byte(input, 0) % (blocks() + streams()), span_from(input, 1), &out);
	buffer_done(&out);
	return 0;
}
