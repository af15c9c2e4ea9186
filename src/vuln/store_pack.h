/* A store as it is part of the program: one frame of Zstandard (RFC 8878), which tells its size. */
#ifndef ASSAY_VULN_STORE_PACK_H
#define ASSAY_VULN_STORE_PACK_H

#include "base/buffer.h"

/* Each puts its bytes in place of what the buffer holds. OVER_BUDGET, NO_MEMORY. */
enum outcome store_pack(struct span store, struct buffer *out) MUST_CHECK;
/* MALFORMED where it is no such frame, or damaged. */
enum outcome store_unpack(struct span packed, struct buffer *out) MUST_CHECK;

#endif
