/*
 * The account of what memory a run holds: the pages of arenas and the growth of buffers
 * are taken from it and given back to it, so no format can forget it. An account may be
 * a part of another one, which counts the same bytes. One that is used up refuses: a buffer
 * is then over its budget; what asked an arena goes without, and shortage (base/shortage.h) is told.
 *
 * What is refused must not depend on how many threads there are. So each job has an
 * account of its own, and one that grows beyond what all may have at once waits at a gate
 * through which one goes at a time.
 *
 * Arenas and buffers take from the account that is set for the thread that makes them,
 * and give back to the same one, whoever frees them.
 */
#ifndef ASSAY_BASE_MEMORY_H
#define ASSAY_BASE_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gate;

struct memory {
	struct memory *outer;  /* the account that this one is a part of; NULL for none */
	uint64_t limit;        /* bytes */
	_Atomic uint64_t held; /* bytes */
	struct gate *gate;     /* waited for before more than `light` bytes are held; NULL for none */
	uint64_t light;        /* bytes */
	bool heavy;            /* has gone through the gate */
};

/* What a run may hold where nobody says otherwise, in bytes: the same on every machine, as results are. */
#define MEMORY_DEFAULT (UINT64_C(1536) << 20)

/* The account of this thread; NULL: nothing is counted. */
extern _Thread_local struct memory *memory_current;

/* An account of so many bytes, a part of outer (or NULL). It must outlive what is taken from it. */
void memory_init(struct memory *memory, struct memory *outer, uint64_t limit);
/* As that, of a job: beyond light bytes it waits at the gate, until memory_leave(). */
void memory_init_job(struct memory *memory, struct memory *outer, uint64_t limit, struct gate *gate, uint64_t light);
/* Opens the gate for the next, in the thread that took. Nothing more is taken afterwards. */
void memory_leave(struct memory *memory);

/* Sets the account of this thread and returns the one before. */
static inline struct memory *memory_use(struct memory *memory)
{
	struct memory *before = memory_current;
	memory_current = memory;
	return before;
}

/* Takes bytes from an account (NULL: from none) and those that it is a part of; false, taking nothing, where there are fewer. */
bool memory_take(struct memory *memory, size_t bytes);
/* Gives back what was taken. */
void memory_give(struct memory *memory, size_t bytes);

/* A gate through which one goes at a time; NULL without memory. */
struct gate *gate_new(void);
void gate_free(struct gate *gate);

#endif
