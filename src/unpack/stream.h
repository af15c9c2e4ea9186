/* What the unpackers of compressed streams share: finding the end, the one entry, reading it. */
#ifndef ASSAY_UNPACK_STREAM_H
#define ASSAY_UNPACK_STREAM_H

#include "codec/codec.h"
#include "unpack/unpacker.h"

/* What decoding a stream to its end showed. */
struct stream_probe {
	enum outcome outcome; /* DONE; PARTIAL where it breaks off; OVER_BUDGET where it is too large to follow */
	size_t consumed;      /* bytes of the stream */
	size_t produced;      /* bytes of content */
};

/*
 * Decodes, to learn where the stream ends. Where it comes to its end, content is what it
 * gave, for buffer_done() or extent.content; NULL to forget it.
 */
struct stream_probe stream_probe(codec_stream_decode *decode, struct span bytes, struct buffer *content);
/*
 * measure() of a format with checksums: probes, and fills size, bits and detail.
 * bits is the bid of a whole stream; one that breaks off bids half, if it gave enough.
 */
enum outcome stream_measure(codec_stream_decode *decode, struct span bytes, uint32_t bits,
			    struct arena *arena, struct extent *out) MUST_CHECK;
/* Adds the one entry, a part with that name ("data" where empty); size 0 where it is not known. */
enum outcome stream_list(struct listing *out, struct span name, uint64_t size) MUST_CHECK;
/* Decodes the whole volume. Where it ends early, a row of `incomplete` says how many of its bytes, compressed, that leaves. */
enum outcome stream_read(struct reader *reader, codec_stream_decode *decode, struct buffer *out) MUST_CHECK;
/*
 * True where the bytes are as evenly spread as compressed data is: no table and no filler decodes by
 * chance.
 */
bool stream_looks_compressed(struct span bytes);

#endif
