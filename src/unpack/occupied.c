#include "unpack/occupied.h"

#include <stdlib.h>

enum outcome occupied_add(struct occupied *occupied, uint64_t offset, uint64_t size)
{
	if (size == 0)
		return DONE;
	struct occupied_piece *pieces = arena_grow(occupied->arena, occupied->pieces, occupied->count, &occupied->capacity,
						   sizeof *pieces);
	if (!pieces)
		return NO_MEMORY;
	occupied->pieces = pieces;
	uint64_t end = size > UINT64_MAX - offset ? UINT64_MAX : offset + size;
	pieces[occupied->count++] = (struct occupied_piece){ offset, end };
	return DONE;
}

static int by_offset(const void *left, const void *right)
{
	const struct occupied_piece *a = left, *b = right;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

enum outcome occupied_list_unused(struct occupied *occupied, uint64_t from, uint64_t to, uint64_t least,
				  struct listing *out)
{
	if (occupied->count > 0)
		qsort(occupied->pieces, occupied->count, sizeof *occupied->pieces, by_offset);
	for (size_t i = 0; i < occupied->count && from < to; i++) {
		const struct occupied_piece *piece = &occupied->pieces[i];
		uint64_t gap = piece->offset < to ? piece->offset : to;
		if (gap > from && gap - from >= least)
			TRY(listing_add_unused(out, from, gap - from));
		from = piece->end > from ? piece->end : from;
	}
	return to > from && to - from >= least ? listing_add_unused(out, from, to - from) : DONE;
}
