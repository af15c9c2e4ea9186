/*
 * Targets, in the order in which their data lies, cut into jobs. The cut depends on
 * the targets alone, so that results do not depend on the number of workers.
 */
#ifndef ASSAY_ENGINE_BATCH_H
#define ASSAY_ENGINE_BATCH_H

#include "engine/explore.h"

struct batches {
	struct target *targets;
	size_t count, capacity;
	size_t *starts; /* of each job, and the end of the last */
	size_t jobs;
};

void batches_init(struct batches *batches);
void batches_done(struct batches *batches);
/* Copies a target. */
enum outcome batches_add(struct batches *batches, const struct target *target) MUST_CHECK;
/* Sorts and cuts; afterwards nothing may be added. */
void batches_sort(struct batches *batches);
size_t batches_count(const struct batches *batches);
/* The targets of a job: how many, and the first. */
size_t batches_job(const struct batches *batches, size_t job, const struct target **first);

#endif
