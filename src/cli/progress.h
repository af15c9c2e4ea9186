/* Progress on standard error, where that is a terminal and the work is long enough to be waited for. */
#ifndef ASSAY_CLI_PROGRESS_H
#define ASSAY_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown;      /* a line stands on the terminal */
	bool silent;
	int64_t started, last; /* clock_monotonic_ms() */
};

void progress_init(struct progress *progress, bool quiet);
/* An assay_progress. */
void progress_show(void *context, const char *stage, uint64_t done, uint64_t total);
/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
