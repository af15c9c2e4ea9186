/*
 * The effort meter. Whatever goes over bytes or along lists spends units of the meter
 * that is set for its thread: bytes decompressed, checksummed, searched and compared,
 * structures read, rows looked up. A unit is about a nanosecond of a small machine. The
 * spending is done by the functions of src/base and src/codec, so no format can forget it.
 *
 * Once a meter is empty, or the time is up, cursors fail, searches find nothing and
 * nothing is decoded any more: every loop over an image comes to its end as if its
 * bytes had ended. Whoever set the meter says then that something was not read.
 *
 * The meter is the one thing that is kept per thread and not handed down: it concerns
 * everything below, and means nothing to any of it.
 */
#ifndef ASSAY_BASE_EFFORT_H
#define ASSAY_BASE_EFFORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum effort_end { EFFORT_GOES_ON, EFFORT_USED_UP, EFFORT_TIME_UP };

struct effort {
	uint64_t limit;         /* units in all */
	uint64_t left;          /* units beyond the window */
	uint64_t window;        /* units until the clock is looked at again */
	int64_t deadline;       /* clock_monotonic_ms() after which it ends; 0 for none */
	enum effort_end end;    /* why nothing is done any more */
	struct effort *outer;   /* the meter that was set before */
};

#define EFFORT_NO_LIMIT UINT64_MAX

/* The meter of this thread; NULL: nothing is counted. */
extern _Thread_local struct effort *effort_current;

/* Sets a meter for this thread, until effort_stop(). The meter stays where it is meanwhile. */
void effort_start(struct effort *effort, uint64_t limit, int64_t deadline);
/* Sets the meter from before it again. What it says stays readable. */
void effort_stop(struct effort *effort);
/* Units spent so far. */
uint64_t effort_spent(const struct effort *effort);

/* Sets no meter for a while: for what must be done even when there is no more, such as writing down what was found. */
static inline struct effort *effort_pause(void)
{
	struct effort *paused = effort_current;
	effort_current = NULL;
	return paused;
}

static inline void effort_resume(struct effort *paused)
{
	effort_current = paused;
}

/* The part of effort_spend() that is seldom needed. */
bool effort_spend_window(struct effort *effort, uint64_t units);

/* Spends units; false, for good, where there are no more of them or the time is up. */
static inline bool effort_spend(uint64_t units)
{
	struct effort *effort = effort_current;
	if (!effort)
		return true;
	if (units < effort->window) {
		effort->window -= units;
		return true;
	}
	return effort_spend_window(effort, units);
}

/*
 * How much of so many bytes is gone over before the next are paid for: the clock is looked at after each
 * such piece, within some hundredths of a second whatever is done with its bytes. 0 for 0.
 */
static inline size_t effort_piece(size_t bytes)
{
	enum { PIECE = 4 << 20 };
	return bytes < PIECE ? bytes : PIECE;
}

/*
 * For loops over single bytes, however many: pays for every 4096 of them, before the last of them is looked at.
 * False, for good, where nothing is done any more.
 */
static inline bool effort_at(size_t index)
{
	enum { STEP = 4096 };
	return index % STEP != STEP - 1 || effort_spend(STEP);
}

/* True where the meter of this thread lets nothing be done any more. */
static inline bool effort_over(void)
{
	return effort_current && effort_current->end != EFFORT_GOES_ON;
}

#endif
