/*
 * Matches again, with a newer store, what the store's difference touches: each component once, by a saved result that
 * holds it.
 */
#ifndef ASSAY_REGISTER_REMATCH_H
#define ASSAY_REGISTER_REMATCH_H

#include "assay/assay.h"
#include "register/registry.h"

struct rematch_plan {
	int objects;            /* the folder of saved results */
	const struct assay_options *options; /* the store, limits; its saved results are taken by them */
	bool force;             /* take a store that has much less than the one before it */
	void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total); /* NULL for none */
	void *context;
};

struct rematch_counts {
	size_t components;  /* matched again */
	size_t of;          /* how many the register has */
	size_t results;     /* saved results that were taken for that */
	size_t lacking;     /* components whose saved result is gone, or no longer read */
	int64_t appeared, changed, exploited, gone; /* rows of store_change */
	int64_t store;      /* number of the store; 0 where nothing was to do */
};

/*
 * In one transaction, with one event. A store that the register follows already changes nothing, but for components
 * that were matched with another one. MALFORMED where the store is none, or has less than four fifths of the
 * products of the one before it and `force` is not set: registry->error says so.
 */
enum outcome rematch(struct registry *registry, const struct rematch_plan *plan, struct rematch_counts *out) MUST_CHECK;

#endif
