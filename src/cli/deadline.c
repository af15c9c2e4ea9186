#include "cli/deadline.h"

#include <stddef.h>

#include "base/clock.h"

enum { STEPS = 10000 /* of SQLite's machine: well under a millisecond */ };

static int look(void *context)
{
	struct deadline *deadline = context;
	deadline->passed = clock_monotonic_ms() >= deadline->at;
	return deadline->passed;
}

void deadline_start(struct deadline *deadline, sqlite3 *database, unsigned seconds)
{
	*deadline = (struct deadline){ .database = database };
	if (seconds == 0)
		return;
	deadline->at = clock_monotonic_ms() + (int64_t)seconds * 1000;
	sqlite3_progress_handler(database, STEPS, look, deadline);
}

void deadline_end(struct deadline *deadline)
{
	if (deadline->at)
		sqlite3_progress_handler(deadline->database, 0, NULL, NULL);
}
