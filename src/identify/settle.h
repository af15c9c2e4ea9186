/* Which of the versions of one component stand, and which say the same as another, but less well. */
#ifndef ASSAY_IDENTIFY_SETTLE_H
#define ASSAY_IDENTIFY_SETTLE_H

#include "base/span.h"

/* Sightings of one component and version: rows [first, first + count). */
struct group {
	size_t first, count;
	struct span version;
	uint32_t confidence;
	bool packaged;
	bool dropped;
	bool visited, settled; /* while hosts are settled */
	struct group *into; /* the group that takes its sightings */
	struct group *first_guest, *last_guest, *next_guest; /* those that went into this one, in order */
};

/*
 * Settles the groups of one component, which are sorted by version: sets `into`, `dropped` and the
 * guests. The effort grows with the text of the versions, not with the square of their number.
 */
void settle(struct group *groups, size_t count);

#endif
