#include "codec/scratch.h"

#include "base/shortage.h"

#include <stdlib.h>

enum outcome codec_scratch_new(struct codec_scratch **out)
{
	static const lzma_stream empty = LZMA_STREAM_INIT;
	struct codec_scratch *scratch = calloc(1, sizeof *scratch);
	if (!scratch) {
		shortage_set();
		return NO_MEMORY;
	}
	scratch->lzma = empty;
	scratch->xz = empty;
	*out = scratch;
	return DONE;
}

void codec_scratch_free(struct codec_scratch *scratch)
{
	if (!scratch)
		return;
	libdeflate_free_decompressor(scratch->deflate);
	ZSTD_freeDCtx(scratch->zstd);
	lzma_end(&scratch->lzma);
	lzma_end(&scratch->xz);
	free(scratch);
}
