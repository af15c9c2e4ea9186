/* The escapes of strings in JSON (RFC 8259, section 7). */
#ifndef ASSAY_BASE_JSON_ESCAPE_H
#define ASSAY_BASE_JSON_ESCAPE_H

#include "base/span.h"

/*
 * Decodes what stands between quotation marks to UTF-8; out has room for as many bytes, for it never becomes longer. NULL
 * where it is right, else what is wrong, in words, and *length says how many bytes of the text are before it.
 */
const char *json_unescape(struct span text, uint8_t *out, size_t *length);
/* Index of the next byte from there on that is no plain character ('"', '\\', below 0x20 or from 0x80 on), or of the end. */
size_t json_plain_end(struct span text, size_t at);

#endif
