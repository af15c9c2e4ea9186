/*
 * Containers that have been opened, by where they lie in memory. Parts of a container
 * may overlap each other, or be the container itself: what lies in several of them is opened once.
 */
#ifndef ASSAY_ENGINE_OPENED_H
#define ASSAY_ENGINE_OPENED_H

#include "unpack/unpacker.h"

struct opened_place;

struct opened {
	struct opened_place *places; /* in an arena */
	size_t count, capacity;      /* capacity is 0 or a power of two */
};

/*
 * Remembers a container in bytes that stay where they are. False where as many bytes of
 * it have been opened already; true where not, or without memory.
 */
bool opened_add(struct opened *opened, struct arena *arena, struct span container, const struct unpacker *unpacker);

#endif
