/*
 * The whole image: walks its containers in one thread, then has the workers examine
 * everything that was found, and writes the evidence in an order that does not
 * depend on their number.
 */
#ifndef ASSAY_ENGINE_SURVEY_H
#define ASSAY_ENGINE_SURVEY_H

#include "engine/program.h"
#include "evidence/evidence.h"

struct survey_options {
	unsigned threads;
	int64_t deadline; /* clock_monotonic_ms(); 0 for none */
	uint64_t *effort; /* units of effort that were spent are added to it; NULL: not counted */
	/* Called in the calling thread; may be NULL. Totals in bytes. */
	void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total);
	void *progress_context;
};

/* An image of bytes. Fills image, volume, range, file, note and the tables of facts. */
enum outcome survey_image(const struct program *program, struct span bytes, const char *name,
			  const struct survey_options *options, struct evidence *evidence) MUST_CHECK;
/* A folder: an unpacked root file system. */
enum outcome survey_directory(const struct program *program, int directory, const char *name,
			      const struct survey_options *options, struct evidence *evidence) MUST_CHECK;

#endif
