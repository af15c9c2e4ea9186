/*
 * States facts about bFLT programs. Layout: Linux, include/linux/flat.h and fs/binfmt_flat.c: a header
 * of 64 bytes, big-endian; the instructions follow it, up to where the data starts. The entry may carry a mode bit.
 */
#include "base/cursor.h"
#include "codec/codec.h"
#include "inspect/machine_code.h"
#include "inspect/registry.h"

enum { HEADER_SIZE = 64, CONTENT_MAX = 16 << 20, FLAG_GZIP = 4 };

static bool wants(const struct inspection *file)
{
	return span_starts_text(file->bytes, "bFLT");
}

static void state(struct inspection *file, uint32_t version, bool compressed, struct span instructions)
{
	struct machine_code code;
	struct fact *fact = fact_new(file->facts, EVIDENCE_FLAT_PROGRAM);
	fact_integer(fact, FLAT_PROGRAM_VERSION, version);
	fact_integer(fact, FLAT_PROGRAM_COMPRESSED, compressed);
	if (!machine_code_find(instructions, &code))
		return;
	fact_word(file->facts, fact, FLAT_PROGRAM_MACHINE, code.machine);
	fact_word(file->facts, fact, FLAT_PROGRAM_BYTE_ORDER, code.big_endian ? "big" : "little");
}

static void inspect(struct inspection *file)
{
	struct cursor c = cursor_over_order(file->bytes, true);
	cursor_skip(&c, 4);
	uint32_t version = cursor_u32(&c), entry = cursor_u32(&c), data = cursor_u32(&c);
	cursor_skip(&c, 20);
	uint32_t flags = cursor_u32(&c);
	if (!cursor_ok(&c) || (version != 2 && version != 4) || entry < HEADER_SIZE || data < entry)
		return;
	bool compressed = flags & FLAG_GZIP;
	struct buffer content;
	size_t consumed = 0;
	buffer_init(&content, CONTENT_MAX, NULL);
	struct span instructions = span_slice(file->bytes, HEADER_SIZE, data - HEADER_SIZE);
	if (compressed) {
		enum outcome outcome = codec_stream_gzip(span_from(file->bytes, HEADER_SIZE), CONTENT_MAX, &consumed, &content);
		instructions = outcome_usable(outcome) ? span_slice(buffer_span(&content), 0, data - HEADER_SIZE) : SPAN_NONE;
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_UNSUPPORTED, "flat-program.compressed", HEADER_SIZE,
				 file->bytes.size - HEADER_SIZE, "what this compressed bFLT program holds was not searched");
	}
	state(file, version, compressed, instructions);
	buffer_done(&content);
}

const struct inspector inspector_flat_program = {
	.name = "flat_program",
	.wants = wants,
	.inspect = inspect,
};
