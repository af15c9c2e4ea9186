/* Bytes that only grow and are read by their place: the first in memory, those beyond in a file without a name. */
#ifndef ASSAY_BASE_SPILL_H
#define ASSAY_BASE_SPILL_H

#include <stdio.h>

#include "base/buffer.h"

struct spill {
	struct buffer memory;
	struct buffer piece; /* the last that was read from the file */
	FILE *file;          /* NULL until it is needed */
	uint64_t size;
	bool flushed;        /* what the file was given can be read from it */
};

/* Keeps so many bytes in memory; a piece lies in the one or in the other. */
void spill_init(struct spill *spill, size_t memory);
void spill_done(struct spill *spill);
/* Forgets all of it, and keeps the memory. */
void spill_clear(struct spill *spill);
/* Adds a piece, and says where it begins. NO_MEMORY, also where the file cannot be made or the disk is full. */
enum outcome spill_append(struct spill *spill, struct span bytes, uint64_t *at) MUST_CHECK;
/* Reads what was added as one piece. It stays until the next one is read or added. NO_MEMORY where it cannot be read. */
enum outcome spill_read(struct spill *spill, uint64_t at, size_t size, struct span *out) MUST_CHECK;

#endif
