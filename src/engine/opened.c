#include "engine/opened.h"

struct opened_place {
	const uint8_t *start; /* NULL: free */
	const struct unpacker *unpacker;
	size_t size; /* the most that has been opened */
};

enum { CAPACITY_FIRST = 256 };

static size_t hash_of(const uint8_t *start, const struct unpacker *unpacker)
{
	uint64_t mixed = ((uint64_t)(uintptr_t)start ^ ((uint64_t)(uintptr_t)unpacker << 20)) * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(mixed >> 24);
}

/* The place of a container, or the free one where it belongs. At least one is free. */
static struct opened_place *place_for(const struct opened *opened, const uint8_t *start,
				      const struct unpacker *unpacker)
{
	size_t at = hash_of(start, unpacker) & (opened->capacity - 1);
	while (opened->places[at].start &&
	       (opened->places[at].start != start || opened->places[at].unpacker != unpacker))
		at = (at + 1) & (opened->capacity - 1);
	return &opened->places[at];
}

static bool make_room(struct opened *opened, struct arena *arena)
{
	if (opened->count * 2 < opened->capacity)
		return true;
	struct opened larger = { .capacity = opened->capacity ? opened->capacity * 2 : CAPACITY_FIRST };
	larger.places = ARENA_NEW(arena, struct opened_place, larger.capacity);
	if (!larger.places)
		return opened->count + 1 < opened->capacity;
	for (size_t i = 0; i < opened->capacity; i++)
		if (opened->places[i].start)
			*place_for(&larger, opened->places[i].start, opened->places[i].unpacker) = opened->places[i];
	larger.count = opened->count;
	*opened = larger;
	return true;
}

bool opened_add(struct opened *opened, struct arena *arena, struct span container, const struct unpacker *unpacker)
{
	if (!container.data || !make_room(opened, arena))
		return true;
	struct opened_place *place = place_for(opened, container.data, unpacker);
	if (place->start && place->size >= container.size)
		return false;
	opened->count += place->start == NULL;
	*place = (struct opened_place){ .start = container.data, .unpacker = unpacker, .size = container.size };
	return true;
}
