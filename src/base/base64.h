/* Base64 (RFC 4648, section 4) of keys, signatures and digests: one text for the same bytes. */
#ifndef ASSAY_BASE_BASE64_H
#define ASSAY_BASE_BASE64_H

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/span.h"

enum { BASE64_BYTES_MAX = 64 };

/* Reads exactly `size` bytes, at most BASE64_BYTES_MAX. False where the text is not that. */
bool base64_read(struct span text, uint8_t *out, size_t size);
/* Appends that of at most BASE64_BYTES_MAX bytes; OVER_BUDGET of more. */
enum outcome base64_append(struct buffer *out, struct span bytes) MUST_CHECK;

#endif
