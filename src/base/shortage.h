/*
 * Whether memory was refused in this thread: by the system, or by the ceiling of an arena. Whoever asked went without,
 * and what it would have found is missing, even where it had no way to say so. Arenas, buffers and queries set the sign;
 * the engine takes it after every step, and says then that something was not read, or that there was no memory.
 */
#ifndef ASSAY_BASE_SHORTAGE_H
#define ASSAY_BASE_SHORTAGE_H

#include <stdbool.h>

extern _Thread_local bool shortage_sign;

static inline void shortage_set(void)
{
	shortage_sign = true;
}

/* True where memory was refused in this thread since the sign was taken last. */
static inline bool shortage_take(void)
{
	bool sign = shortage_sign;
	shortage_sign = false;
	return sign;
}

#endif
