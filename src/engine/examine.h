/*
 * Looks at one target: reads its content, digests it, searches it for all patterns
 * in one pass, asks the inspectors, and goes into it where it is a container.
 */
#ifndef ASSAY_ENGINE_EXAMINE_H
#define ASSAY_ENGINE_EXAMINE_H

#include "engine/explore.h"
#include "engine/record.h"

/* One worker's own things. */
struct examiner;

/* NULL without memory. */
struct examiner *examiner_new(const struct program *program);
void examiner_free(struct examiner *examiner);

/* Starts a job: what is examined from now on goes to the card, and costs the budget (which outlives the job). */
void examiner_begin(struct examiner *examiner, struct report_card *card, struct budget *budget);
void examine(struct examiner *examiner, const struct target *target);
/* Gives back what the job held beside its card. */
void examiner_end(struct examiner *examiner);

#endif
