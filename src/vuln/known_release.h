/* Releases of a product that the store names anywhere: what comes after a version that a source calls the last faulty one. */
#ifndef ASSAY_VULN_KNOWN_RELEASE_H
#define ASSAY_VULN_KNOWN_RELEASE_H

#include "evidence/query.h"
#include "vuln/claim.h"

/* Of one component at a time. */
struct known_releases {
	sqlite3 *store;
	struct arena arena; /* of the component's versions */
	int64_t component;  /* whose they are; 0: of none yet */
	struct span *all;   /* in their order, each once */
	size_t count;
};

void known_releases_init(struct known_releases *releases, sqlite3 *store);
void known_releases_done(struct known_releases *releases);
/*
 * The first release behind a version that at least two faults name as a bound, and that the list does not count as affected;
 * candidates and the like are none. products: numbers in the store as a JSON array. Empty where none is known. Borrowed until
 * another component is asked about.
 */
struct span known_releases_after(struct known_releases *releases, int64_t component, struct span products,
				 const struct claim_subject *subject, struct span last, struct span list);

#endif
