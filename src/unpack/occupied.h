/* Which bytes of a container are taken by what was read of it, so that what nothing has can be looked at. */
#ifndef ASSAY_UNPACK_OCCUPIED_H
#define ASSAY_UNPACK_OCCUPIED_H

#include "unpack/listing.h"

struct occupied_piece {
	uint64_t offset, end;
};

/* Start with all fields zero but the arena, which holds the pieces. */
struct occupied {
	struct arena *arena;
	struct occupied_piece *pieces;
	size_t count, capacity;
};

/* Takes [offset, offset + size); pieces may come in any order and overlap. NO_MEMORY. */
enum outcome occupied_add(struct occupied *occupied, uint64_t offset, uint64_t size) MUST_CHECK;
/*
 * Adds what is not taken between two offsets to the unused stretches of the listing, but for stretches shorter than
 * `least` bytes. Sorts the pieces. NO_MEMORY.
 */
enum outcome occupied_list_unused(struct occupied *occupied, uint64_t from, uint64_t to, uint64_t least,
				  struct listing *out) MUST_CHECK;

#endif
