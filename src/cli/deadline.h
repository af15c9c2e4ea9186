/* Bounds the statements of a database by time. */
#ifndef ASSAY_CLI_DEADLINE_H
#define ASSAY_CLI_DEADLINE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct deadline {
	sqlite3 *database;
	int64_t at;  /* clock_monotonic_ms(); 0 for none */
	bool passed; /* a statement was ended by it */
};

/* From here to deadline_end() statements end with an error once that many seconds have passed; 0 for no bound. */
void deadline_start(struct deadline *deadline, sqlite3 *database, unsigned seconds);
void deadline_end(struct deadline *deadline);

#endif
