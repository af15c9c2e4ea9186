/* Progress on standard error, where that is a terminal and the work is long enough to be waited for. */
#ifndef ASSAY_CLI_PROGRESS_H
#define ASSAY_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum { PROGRESS_STAGES_MAX = 8 };

struct progress {
	bool shown;      /* a line stands on the terminal */
	bool silent;
	bool times;      /* say at the end how long each stage took */
	int64_t started, last; /* clock_monotonic_ms() */
	const char *stages[PROGRESS_STAGES_MAX]; /* in the order of their starts */
	int64_t starts[PROGRESS_STAGES_MAX];
	int stage_count;
};

void progress_init(struct progress *progress, bool quiet, bool times);
/* An assay_progress. */
void progress_show(void *context, const char *stage, uint64_t done, uint64_t total);
/* Takes the line away; says the times, and the effort in units, where they are asked for. */
void progress_end(struct progress *progress, uint64_t effort);

#endif
