/* How much of an image is understood, once the sizes of all that is in it are in the evidence. */
#ifndef ASSAY_ENGINE_SUM_UP_H
#define ASSAY_ENGINE_SUM_UP_H

#include "engine/artifact.h"

/*
 * Writes the figures, within an effort and a deadline (clock_monotonic_ms(), 0 for none). OVER_BUDGET: never in part. What
 * it cost is added to *spent, where that is not NULL.
 */
enum outcome sum_up(struct artifacts *artifacts, struct evidence *evidence, uint64_t effort, int64_t deadline,
		    uint64_t *spent) MUST_CHECK;

#endif
