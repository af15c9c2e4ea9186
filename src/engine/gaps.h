/* The bytes between the containers that were found: padding, and what is to be examined. */
#ifndef ASSAY_ENGINE_GAPS_H
#define ASSAY_ENGINE_GAPS_H

#include "base/arena.h"

struct claim {
	uint64_t offset, size;
	struct claim *next;
};

/* Claimed ranges, in ascending order. */
struct claims {
	struct claim *first, *last;
};

struct gap {
	uint64_t offset, size;
	bool padding; /* a run of one byte, 0x00 or 0xff */
};

void claims_add(struct claims *claims, struct arena *arena, uint64_t offset, uint64_t size);
/*
 * The next unclaimed piece at or after *at, which moves past it; false at the end.
 * Runs of padding at the edges of a piece, and long ones within, are pieces of their own; a program that says how far
 * it reaches is one piece.
 */
bool gaps_next(const struct claims *claims, struct span bytes, uint64_t *at, struct gap *out);

#endif
