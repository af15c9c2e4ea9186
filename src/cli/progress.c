#define _POSIX_C_SOURCE 200809L
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* Nothing is shown before that, so that a short run leaves no flicker; and not more often than that. */
enum { PATIENCE_MS = 300, INTERVAL_MS = 100 };

void progress_init(struct progress *progress, bool quiet, bool times)
{
	int64_t now = clock_monotonic_ms();
	*progress = (struct progress){
		.silent = quiet || !isatty(STDERR_FILENO),
		.times = times,
		.started = now,
		.last = now,
	};
}

static void note_stage(struct progress *progress, const char *stage, int64_t now)
{
	int count = progress->stage_count;
	bool same = count > 0 && strcmp(progress->stages[count - 1], stage) == 0;
	if (same || count == PROGRESS_STAGES_MAX)
		return;
	progress->stages[count] = stage;
	progress->starts[count] = now;
	progress->stage_count++;
}

void progress_show(void *context, const char *stage, uint64_t done, uint64_t total)
{
	struct progress *progress = context;
	int64_t now = clock_monotonic_ms();
	note_stage(progress, stage, now);
	if (progress->silent || now - progress->started < PATIENCE_MS || now - progress->last < INTERVAL_MS)
		return;
	progress->last = now;
	progress->shown = true;
	if (total > 0)
		(void)fprintf(stderr, "\r\033[K%s %u %% of %.1f MB", stage, (unsigned)(done * 100 / total),
			      (double)total / 1e6);
	else
		(void)fprintf(stderr, "\r\033[K%s ...", stage);
	(void)fflush(stderr);
}

void progress_end(struct progress *progress, uint64_t effort)
{
	if (progress->shown)
		(void)fprintf(stderr, "\r\033[K");
	progress->shown = false;
	int64_t end = clock_monotonic_ms();
	for (int i = 0; progress->times && i < progress->stage_count; i++) {
		int64_t next = i + 1 < progress->stage_count ? progress->starts[i + 1] : end;
		(void)fprintf(stderr, "%s %lld ms\n", progress->stages[i], (long long)(next - progress->starts[i]));
	}
	if (progress->times)
		(void)fprintf(stderr, "effort %llu\n", (unsigned long long)effort);
}
