/*
 * Memory that is freed all at once. An arena has a ceiling; a request past it
 * gives NULL. What it gives is zeroed and aligned for any type.
 */
#ifndef ASSAY_BASE_ARENA_H
#define ASSAY_BASE_ARENA_H

#include "base/memory.h"
#include "base/span.h"

struct arena_page;

struct arena {
	struct arena_page *pages; /* newest first */
	size_t used;              /* bytes given, for the ceiling */
	size_t ceiling;
	struct memory *memory;    /* that its pages are taken from; NULL for none */
	bool refused;             /* a request was refused since arena_init() or arena_reset(): what asked went without */
};

/* Prepares an arena in place; ceiling in bytes. Allocates nothing. Its pages will be of the account of this thread. */
void arena_init(struct arena *arena, size_t ceiling);
/* Frees everything that it gave. */
void arena_done(struct arena *arena);
/* Forgets everything that it gave, and keeps one page for the next use. */
void arena_reset(struct arena *arena);

/* Zeroed memory for count things of size bytes; NULL past the ceiling, on overflow, or out of memory. */
void *arena_allocate(struct arena *arena, size_t count, size_t size);
/* Room for count objects of a type. */
#define ARENA_NEW(arena, type, count) ((type *)arena_allocate((arena), (count), sizeof(type)))

/*
 * Room for one more thing in an array of the arena that holds count things of size
 * bytes: the array itself, or a larger copy, with *capacity as it is then. NULL where memory is refused.
 */
void *arena_grow(struct arena *arena, void *things, size_t count, size_t *capacity, size_t size);

/* Copies the bytes, followed by a NUL that is not counted; data is NULL where memory is refused. */
struct span arena_copy(struct arena *arena, struct span bytes);
/* The span as a C string (cut at its first NUL); NULL where memory is refused. */
char *arena_text(struct arena *arena, struct span bytes);
/* The same with its ASCII letters small; empty where memory is refused. */
struct span arena_small_letters(struct arena *arena, struct span bytes);
/* As sprintf into the arena; data is NULL where memory is refused. */
struct span arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
