/* How much of a file's content is understood: the columns opaque, dense and padding of its row. */
#ifndef ASSAY_ENGINE_MEASURE_H
#define ASSAY_ENGINE_MEASURE_H

#include "engine/explore.h"
#include "engine/record.h"

/* What was read of a target. */
struct measured {
	struct span bytes;
	enum content_kind kind;
	enum outcome outcome;
	uint64_t container; /* bytes from the first that are a container, which was opened and answers for itself; else 0 */
};

/* Sets the columns; what may hold anything is told in the card's notes. */
void measure_record(struct report_card *card, const struct target *target, struct record *record,
		    const struct measured *measured);

#endif
