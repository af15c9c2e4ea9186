#include "unpack/stream.h"

#include "base/digest.h"

enum {
	PROBE_LEAST = 64 * 1024 * 1024,
	PROBE_MOST = 512 * 1024 * 1024,
	PROBE_RATIO = 32, /* content to bytes; what lies beyond is a bomb, or nearly empty */
	SAMPLE_SIZE = 64 * 1024,
	SAMPLE_SMALL = 2048,
	BROKEN_LEAST = 4096, /* bytes of content that a broken stream must have given to be believed */
};

/* How much content a stream is followed for. */
static size_t probe_limit(struct span bytes)
{
	if (bytes.size > PROBE_MOST / PROBE_RATIO)
		return PROBE_MOST;
	size_t limit = bytes.size * PROBE_RATIO;
	return limit < PROBE_LEAST ? PROBE_LEAST : limit;
}

/* What the detail says of a stream that does not come to its end. */
static const char *ending(enum outcome outcome)
{
	return outcome == DONE ? "" : outcome == OVER_BUDGET ? " and more" : ", broken off";
}

struct stream_probe stream_probe(codec_stream_decode *decode, struct span bytes, struct buffer *content)
{
	struct stream_probe probe = { 0 };
	struct buffer decoded;
	buffer_init(&decoded, probe_limit(bytes), NULL);
	probe.outcome = decode(bytes, probe_limit(bytes), &probe.consumed, &decoded);
	probe.produced = decoded.size;
	if (content && probe.outcome == DONE) {
		buffer_trim(&decoded);
		*content = decoded;
	} else {
		buffer_done(&decoded);
	}
	if (probe.consumed > bytes.size)
		probe.consumed = bytes.size;
	return probe;
}

enum outcome stream_measure(codec_stream_decode *decode, struct span bytes, uint32_t bits,
			    struct arena *arena, struct extent *out)
{
	struct stream_probe probe = stream_probe(decode, bytes, &out->content);
	bool whole = probe.outcome == DONE;
	bool broken = (probe.outcome == PARTIAL || probe.outcome == OVER_BUDGET) &&
		      probe.produced >= BROKEN_LEAST;
	out->effort = probe.consumed + probe.produced;
	if (!whole && !broken)
		return probe.outcome == NO_MEMORY ? NO_MEMORY : NOT_THIS;
	out->size = probe.outcome == OVER_BUDGET ? bytes.size : probe.consumed;
	out->bits = whole ? bits : bits / 2;
	out->detail = arena_format(arena, "%zu bytes of content%s", probe.produced,
				   ending(probe.outcome));
	if (!out->detail.data)
		return NO_MEMORY;
	return whole ? DONE : PARTIAL;
}

enum outcome stream_list(struct listing *out, struct span name, uint64_t size)
{
	struct entry *entry;
	TRY(listing_add(out, &entry));
	entry->type = ENTRY_PART;
	entry->path = arena_copy(out->arena, name.size ? span_basename(name) : SPAN_LITERAL("data"));
	entry->size = size;
	return entry->path.data ? DONE : NO_MEMORY;
}

enum outcome stream_read(struct reader *reader, codec_stream_decode *decode, struct buffer *out)
{
	size_t consumed;
	enum outcome outcome = decode(reader->volume->bytes, out->ceiling, &consumed, out);
	if (outcome != DONE) {
		uint64_t size = reader->volume->bytes.size, left = size - (consumed < size ? consumed : size);
		notes_incomplete(reader->notes, MISSING_CONTENT, note_cause_of(outcome), "stream.broken", consumed,
				 left > 0 ? left : NOTE_NO_AMOUNT, "the %s ends early (%s) after %zu bytes of content",
				 reader->volume->unpacker->title, outcome_name(outcome), out->size);
	}
	return outcome;
}

bool stream_looks_compressed(struct span bytes)
{
	struct span sample = span_slice(bytes, 0, SAMPLE_SIZE);
	double least = sample.size >= SAMPLE_SMALL ? 7.0 : sample.size >= 256 ? 6.0 : 4.5;
	return sample.size >= 32 && digest_entropy(sample) >= least;
}
