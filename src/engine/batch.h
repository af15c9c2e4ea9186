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
	uint64_t weight;       /* of all targets, in bytes */
};

void batches_init(struct batches *batches);
void batches_done(struct batches *batches);
/* Copies a target. */
enum outcome batches_add(struct batches *batches, const struct target *target) MUST_CHECK;
/* Sorts and cuts; afterwards nothing may be added. */
enum outcome batches_sort(struct batches *batches) MUST_CHECK;
size_t batches_count(const struct batches *batches);
/* What a job is expected to read, in bytes. */
uint64_t batches_weight(const struct batches *batches, size_t job);
/* The targets of a job: how many, and the first. */
size_t batches_job(const struct batches *batches, size_t job, const struct target **first);

#endif
