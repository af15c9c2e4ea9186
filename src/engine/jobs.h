/* Has the workers examine all targets, and writes what they found in the order of the targets, whatever their number. */
#ifndef ASSAY_ENGINE_JOBS_H
#define ASSAY_ENGINE_JOBS_H

#include "engine/batch.h"
#include "engine/record.h"
#include "engine/survey.h"

struct jobs {
	const struct program *program;
	const struct survey_options *options;
	struct evidence *evidence;
	struct batches *batches;
	struct budget left;         /* what the walk left, for the jobs to share */
	struct numbering numbering; /* of the rows that the walk has given numbers */
	struct memory *memory;      /* of the run */
	uint64_t bytes_total;       /* for progress */
	/* Its own. */
	struct gate *gate;
	uint64_t bytes_done, dropped_jobs, dropped_bytes;
	_Atomic bool full;
	enum outcome outcome;
};

/* Sorts the targets, and runs until all are examined. NO_MEMORY, or what writing to the evidence came to. */
enum outcome jobs_run(struct jobs *jobs) MUST_CHECK;

#endif
