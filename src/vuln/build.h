/* Builds a vulnerability store from folders of feeds, as their publishers name and write them. */
#ifndef ASSAY_VULN_BUILD_H
#define ASSAY_VULN_BUILD_H

#include "base/notes.h"
#include "base/outcome.h"
#include "vuln/builder.h"

/* Called before each file of the folders: number from 0, of how many. */
typedef void (*build_progress)(void *context, const char *file, size_t number, size_t count);

struct build_plan {
	const char *const *directories; /* read with the folders in them */
	size_t directory_count;
	const char *path;        /* of the store: what is there is overwritten, and removed where the store does not come to be */
	const char *previous;    /* the store that it will replace: one that lost much of it does not come to be; NULL for none */
	bool lenient;            /* lists that have not all that they say they have count for what they have */
	struct span base;        /* a store from which comes what the feeds do not state; may be empty */
	unsigned threads;        /* that read; one more writes. 0: as many as there are processors */
	build_progress progress; /* may be NULL */
	void *context;
};

/*
 * Reads every feed of the folders, in an order that follows from their bytes. A document, and a file that cannot be read
 * to its end, counts whole or not at all; what is left out is told in notes. NOT_THIS where nothing was a feed, MALFORMED
 * where a folder or the store cannot be used, or it lost much of the one before (notes say why).
 */
enum outcome store_build(const struct build_plan *plan, struct notes *notes) MUST_CHECK;

/*
 * Reads one document of a feed: tells by its content (and its name, for lines and YAML) what it is. NOT_THIS where it is
 * none. Where it is not DONE, nothing was stated.
 */
enum outcome feed_document(struct builder *builder, struct span name, struct span bytes) MUST_CHECK;

#endif
