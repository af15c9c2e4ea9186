/*
 * Damaged copies of an image: cut short, bits flipped, runs overwritten, pieces
 * moved. The same number always gives the same damage.
 */
#ifndef ASSAY_TESTS_DAMAGE_H
#define ASSAY_TESTS_DAMAGE_H

#include <stdlib.h>

#include "base/span.h"

/* xorshift64*: the damage must be the same on every run. */
static inline uint64_t damage_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545F4914F6CDD1D);
}

/* A place to hurt: anywhere, near the start, or near a boundary where headers like to stand. */
static inline size_t damage_place(uint64_t *state, size_t size)
{
	uint64_t choice = damage_random(state) % 4, value = damage_random(state);
	size_t reach = size < 512 ? size : 512;
	if (choice == 0)
		return (size_t)(value % reach);
	if (choice == 1) {
		size_t boundary = (size_t)(value % size) & ~(size_t)0xfff;
		return boundary + (size_t)(damage_random(state) % (size - boundary < 128 ? size - boundary : 128));
	}
	return (size_t)(value % size);
}

static inline void damage_flip(uint8_t *bytes, size_t size, uint64_t *state)
{
	uint64_t count = 1 + damage_random(state) % 32;
	for (uint64_t i = 0; i < count; i++)
		bytes[damage_place(state, size)] ^= (uint8_t)(1U << damage_random(state) % 8);
}

static inline void damage_overwrite(uint8_t *bytes, size_t size, uint64_t *state)
{
	static const uint8_t values[] = { 0x00, 0xff, 0x7f, 0x80, 0x01 };
	size_t at = damage_place(state, size), length = 1 + (size_t)(damage_random(state) % 64);
	memset(bytes + at, values[damage_random(state) % sizeof values], length < size - at ? length : size - at);
}

static inline void damage_move(uint8_t *bytes, size_t size, uint64_t *state)
{
	size_t from = damage_place(state, size), to = damage_place(state, size);
	size_t most = size - (from > to ? from : to), length = (size_t)(damage_random(state) % 4096);
	memmove(bytes + to, bytes + from, length < most ? length : most);
}

/*
 * A copy in memory of exactly its own size, so that a sanitizer sees every read past the end; free() it.
 * NULL without memory. DAMAGE_NONE copies it as it is.
 */
#define DAMAGE_NONE UINT64_MAX
static inline uint8_t *damage_copy(struct span image, uint64_t number, size_t *size)
{
	uint64_t state = UINT64_C(0x9e3779b97f4a7c15) ^ (number + 1) * UINT64_C(0xbf58476d1ce4e5b9);
	*size = image.size;
	if (number % 4 == 0 && image.size > 0 && number != DAMAGE_NONE)
		*size = damage_random(&state) % 2 ? damage_place(&state, image.size)
						  : (size_t)(damage_random(&state) % image.size);
	uint8_t *copy = malloc(*size ? *size : 1);
	if (!copy || *size == 0)
		return copy;
	memcpy(copy, image.data, *size);
	if (number == DAMAGE_NONE)
		return copy;
	if (number % 4 == 1 || number % 4 == 3)
		damage_flip(copy, *size, &state);
	for (int i = 0; number % 4 >= 2 && i < 4; i++)
		damage_overwrite(copy, *size, &state);
	if (number % 8 == 7)
		damage_move(copy, *size, &state);
	return copy;
}

#endif
