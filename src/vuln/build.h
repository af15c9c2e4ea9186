/* Builds a vulnerability store from a folder of feeds, as their publishers name and write them. */
#ifndef ASSAY_VULN_BUILD_H
#define ASSAY_VULN_BUILD_H

#include "base/notes.h"
#include "base/outcome.h"
#include "vuln/builder.h"

/* Called before each file of the folder: number from 0, of how many. */
typedef void (*build_progress)(void *context, const char *file, size_t number, size_t count);

struct build_plan {
	const char *directory;   /* read with the folders in it */
	const char *path;        /* of the store: what is there is overwritten, and removed where the store does not come to be */
	build_progress progress; /* may be NULL */
	void *context;
};

/*
 * Reads every feed of the folder. What cannot be read is told in notes; NOT_THIS
 * where nothing was a feed, MALFORMED where the folder or the store cannot be used
 * (notes say why).
 */
enum outcome store_build(const struct build_plan *plan, struct notes *notes) MUST_CHECK;

/* Reads one document of a feed: tells by its content (and its name, for lines and YAML) what it is. NOT_THIS where it is none. */
enum outcome feed_document(struct builder *builder, struct span name, struct span bytes) MUST_CHECK;

#endif
