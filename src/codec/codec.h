/*
 * Compressed bytes in, bytes out. Two kinds: a block codec decodes a block whose
 * end is known, and appends at most `maximum` bytes; a stream decoder finds the end
 * of a stream by itself and says how many bytes it took.
 */
#ifndef ASSAY_CODEC_CODEC_H
#define ASSAY_CODEC_CODEC_H

#include "base/buffer.h"
#include "base/effort.h"
#include "base/outcome.h"
#include "base/span.h"

/*
 * Spends the effort of decoding: of the bytes that are gone over, and of those that come out.
 * OVER_BUDGET where nothing is done any more. Whoever decodes spends the block beforehand, so that
 * one which breaks at its very end has cost its bytes too.
 */
static inline enum outcome codec_spend(size_t took, size_t gave)
{
	enum { UNITS_IN = 8, UNITS_OUT = 2 };
	return effort_spend((uint64_t)took * UNITS_IN + (uint64_t)gave * UNITS_OUT + 1) ? DONE : OVER_BUDGET;
}

/* Library handles that one worker keeps from block to block; each is made when it is first needed. */
struct codec_scratch;

/* Makes an empty one; NO_MEMORY. */
enum outcome codec_scratch_new(struct codec_scratch **out) MUST_CHECK;
/* Frees it; NULL is ignored. */
void codec_scratch_free(struct codec_scratch *scratch);

/*
 * Appends the content of one block to out. MALFORMED where the block is broken or
 * would give more than maximum bytes; then nothing is appended. OVER_BUDGET where
 * out refuses the room. Bytes after the end of the data are ignored where the format
 * has an end: LZ4 blocks have none.
 */
typedef enum outcome codec_decode(struct codec_scratch *scratch, struct span block, size_t maximum,
				  struct buffer *out);

struct codec {
	const char *name;
	codec_decode *decode;
};

codec_decode codec_deflate MUST_CHECK; /* RFC 1951, no header */
codec_decode codec_zlib MUST_CHECK;    /* RFC 1950 */
codec_decode codec_gzip MUST_CHECK;    /* RFC 1952, one member */
codec_decode codec_lzma MUST_CHECK;    /* the 13-byte header of .lzma; where it gives no size, as codec_lzma_raw */
codec_decode codec_xz MUST_CHECK;      /* a .xz stream with any filters */
codec_decode codec_lzo MUST_CHECK;     /* LZO1X */
codec_decode codec_lz4 MUST_CHECK;     /* an LZ4 block, without a frame */
codec_decode codec_zstd MUST_CHECK;    /* a Zstandard frame */
codec_decode codec_bzip2 MUST_CHECK;   /* a .bz2 stream */
codec_decode codec_rtime MUST_CHECK;   /* JFFS2's run lengths: decodes until maximum bytes are there */

/* The block codecs above, by name, for tables and tests; name is NULL at the end. */
extern const struct codec codecs[];

/* LZMA without a header: what its encoder was set to. */
struct codec_lzma_settings {
	uint8_t literal_context; /* lc, 0 to 4 */
	uint8_t literal_position; /* lp, 0 to 4; lc + lp at most 4 */
	uint8_t position;        /* pb, 0 to 4 */
};
/*
 * Decodes LZMA without a header, until maximum bytes are there or the block ends. A
 * block does not say where its data ends, so less than maximum is accepted.
 */
enum outcome codec_lzma_raw(struct codec_scratch *scratch, const struct codec_lzma_settings *settings,
			    struct span block, size_t maximum, struct buffer *out) MUST_CHECK;

/*
 * Appends the content of the stream at the first byte of bytes, and counts in
 * *consumed what the stream took. Members or frames that follow each other directly
 * are one stream. PARTIAL where it ends early or is broken after it gave something;
 * MALFORMED where it gave nothing; OVER_BUDGET past maximum or the budget of out. What
 * was given stays in out in every case.
 */
typedef enum outcome codec_stream_decode(struct span bytes, size_t maximum, size_t *consumed, struct buffer *out);

struct codec_stream {
	const char *name;
	codec_stream_decode *decode;
};

codec_stream_decode codec_stream_deflate MUST_CHECK;
codec_stream_decode codec_stream_zlib MUST_CHECK;
codec_stream_decode codec_stream_gzip MUST_CHECK;
codec_stream_decode codec_stream_lzma MUST_CHECK;  /* .lzma: 13-byte header */
codec_stream_decode codec_stream_xz MUST_CHECK;
codec_stream_decode codec_stream_bzip2 MUST_CHECK;
codec_stream_decode codec_stream_zstd MUST_CHECK;
codec_stream_decode codec_stream_lz4 MUST_CHECK;   /* LZ4 frames, and the legacy frames of Linux kernels */
codec_stream_decode codec_stream_lzop MUST_CHECK;  /* what lzop writes */

/* The stream decoders above, by name; name is NULL at the end. */
extern const struct codec_stream codec_streams[];

#endif
