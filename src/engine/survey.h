/*
 * The whole product: walks its containers in one thread, then has the workers examine
 * everything that was found, and writes the evidence in an order that does not
 * depend on their number.
 */
#ifndef ASSAY_ENGINE_SURVEY_H
#define ASSAY_ENGINE_SURVEY_H

#include "engine/several.h"
#include "evidence/evidence.h"

struct survey_options {
	unsigned threads;
	int64_t deadline; /* clock_monotonic_ms(); 0 for none */
	int64_t last;     /* as deadline, of summing up what was read; 0 for none */
	int64_t share;    /* milliseconds that summing up has in any case */
	uint64_t memory;  /* bytes that the run may hold */
	uint64_t *effort; /* units of effort that were spent are added to it; NULL: not counted */
	/* Called in the calling thread; may be NULL. Totals in bytes. */
	void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total);
	void *progress_context;
};

/*
 * An image, a folder, or several of either that are one product. Fills image, artifact, volume, range, file, note and
 * the tables of facts. The order of the sources does not matter.
 */
enum outcome survey_sources(const struct program *program, const struct source *sources, size_t count,
			    const struct survey_options *options, struct evidence *evidence) MUST_CHECK;

#endif
