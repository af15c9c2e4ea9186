#include "base/effort.h"

#include "base/clock.h"

/* A millisecond or two: the clock is looked at that often. */
static const uint64_t WINDOW = 1000000;

_Thread_local struct effort *effort_current;

static void open_window(struct effort *effort)
{
	effort->window = effort->left < WINDOW ? effort->left : WINDOW;
	effort->left -= effort->window;
}

void effort_start(struct effort *effort, uint64_t limit, int64_t deadline)
{
	*effort = (struct effort){ .limit = limit, .left = limit, .deadline = deadline, .outer = effort_current };
	open_window(effort);
	effort_current = effort;
}

void effort_stop(struct effort *effort)
{
	effort_current = effort->outer;
	effort->outer = NULL;
}

uint64_t effort_spent(const struct effort *effort)
{
	return effort->limit - effort->left - effort->window;
}

static bool end(struct effort *effort, enum effort_end why)
{
	effort->end = why;
	effort->window = 0;
	return false;
}

bool effort_spend_window(struct effort *effort, uint64_t units)
{
	if (effort->end != EFFORT_GOES_ON)
		return false;
	if (effort->deadline != 0 && clock_monotonic_ms() > effort->deadline)
		return end(effort, EFFORT_TIME_UP);
	uint64_t have = effort->left + effort->window;
	effort->left = units < have ? have - units : 0;
	effort->window = 0;
	if (units >= have)
		return end(effort, EFFORT_USED_UP);
	open_window(effort);
	return true;
}
