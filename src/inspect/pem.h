/* Textual encodings of RFC 7468 and RFC 1421: blocks between BEGIN and END lines, and Base64. */
#ifndef ASSAY_INSPECT_PEM_H
#define ASSAY_INSPECT_PEM_H

#include "base/arena.h"
#include "base/span.h"

struct pem_block {
	struct span label;  /* "RSA PRIVATE KEY" */
	uint64_t offset;    /* of the BEGIN line */
	bool encrypted;     /* a Proc-Type header or the label says so */
	struct span der;    /* the decoded body, in the arena */
};

/*
 * The next block that has a body, at or after *at, which it moves on. A line break
 * may also stand as "\n", as in the strings of sources and scripts. False at the end.
 */
bool pem_next(struct span bytes, size_t *at, struct arena *arena, struct pem_block *out);

/* Decodes Base64, passing over white space; data is NULL where a byte is none of it. */
struct span base64_decode(struct arena *arena, struct span text);

#endif
