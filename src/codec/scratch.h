/* The library handles behind struct codec_scratch, for the codecs alone. */
#ifndef ASSAY_CODEC_SCRATCH_H
#define ASSAY_CODEC_SCRATCH_H

#include <libdeflate.h>
#include <lzma.h>
#include <zstd.h>

#include "codec/codec.h"

struct codec_scratch {
	struct libdeflate_decompressor *deflate; /* NULL until needed */
	ZSTD_DCtx *zstd;                         /* NULL until needed */
	lzma_stream lzma; /* raw LZMA; reused, it keeps its dictionary */
	lzma_stream xz;
};

#endif
