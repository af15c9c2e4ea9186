/* What the codecs over liblzma share. */
#ifndef ASSAY_CODEC_LIBLZMA_H
#define ASSAY_CODEC_LIBLZMA_H

#include <lzma.h>

#include "codec/pump.h"

/* Memory that a stream may ask for: a hostile header can name a dictionary of 4 GiB. */
#define LIBLZMA_MEMORY_LIMIT (UINT64_C(256) * 1024 * 1024)

/* A pump_step over an lzma_stream. */
enum pump_state liblzma_step(void *handle, struct pump_window *window);

#endif
