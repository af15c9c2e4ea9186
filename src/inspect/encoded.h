/* Texts that are other bytes written down: Intel HEX, Motorola S-records, uuencode, base64, hexadecimal, arrays in C. */
#ifndef ASSAY_INSPECT_ENCODED_H
#define ASSAY_INSPECT_ENCODED_H

#include "base/span.h"

/*
 * Bytes of a text in such records, where they are many: a key, a certificate, a picture of a web page and a digest are
 * what they say, and count as text. 0 where there are none.
 */
uint64_t encoded_bytes(struct span text);

#endif
