/*
 * Threads, and the only place where there are any. Jobs are taken in order by
 * several workers; their results are handed back in order to one caller.
 */
#ifndef ASSAY_BASE_WORKERS_H
#define ASSAY_BASE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/outcome.h"

struct workers_plan {
	size_t jobs;    /* number of jobs, numbered from 0 */
	unsigned threads; /* 1: the serial twin, all in the calling thread */
	size_t ahead;   /* how many finished results may wait for an earlier one (bounds memory) */
	size_t bytes_ahead; /* how many bytes those may hold, as far as weigh() says; 0: any number */
	void *context;
	/* Makes and frees one worker's own things (scratch, readers); both may be NULL. */
	void *(*worker_open)(void *context);
	void (*worker_close)(void *context, void *worker);
	/*
	 * Where the number of jobs is not known: gives the worker what it needs for that job, one job at a time and in their
	 * order. False where there are no more; `jobs` is then not looked at. NULL else.
	 */
	bool (*fetch)(void *context, void *worker, size_t job);
	/* Does a job; runs in a worker. What it returns goes to deliver(). */
	void *(*run)(void *context, void *worker, size_t job);
	/* Bytes that a result holds; may be NULL. */
	size_t (*weigh)(void *context, void *result);
	/* Takes a result, in job order, in the calling thread. */
	void (*deliver)(void *context, size_t job, void *result);
};

/* Runs them all. NO_MEMORY where threads or their things could not be made. */
enum outcome workers_run(const struct workers_plan *plan) MUST_CHECK;
/* Processors that this process may use; at least 1. */
unsigned workers_available(void);

#endif
