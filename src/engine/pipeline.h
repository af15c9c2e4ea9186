/* From evidence of files to a graded result: identify, match, judge, grade. */
#ifndef ASSAY_ENGINE_PIPELINE_H
#define ASSAY_ENGINE_PIPELINE_H

#include "evidence/evidence.h"
#include "identify/recogniser.h"
#include "judge/judge.h"
#include "vuln/seal.h"

struct pipeline_options {
	struct judge_source product;       /* product.yaml; its text's data is NULL for none */
	struct judge_source kernel_config; /* of the image's kernel; likewise */
	const struct judge_source *vex; /* documents with statements on vulnerabilities; none: those that the evidence has stay */
	size_t vex_count;
	struct judge_options judge;
	struct span store;      /* bytes of a vulnerability store; empty for the starter */
	const char *store_name; /* of those bytes */
	const struct seal_verdict *seal; /* what their seal is worth; NULL: looked at, without keys that are trusted */
	bool match;             /* look for vulnerabilities */
	/* Called at the start of each stage; may be NULL. */
	void (*progress)(void *context, const char *stage, uint64_t done, uint64_t total);
	void *progress_context;
};

/*
 * Fills component … grade_reason from the tables that a survey filled. Rows of an
 * earlier run are removed first, so that saved evidence can be judged again. On
 * MALFORMED *error says what is wrong with an input of the user's, in the arena.
 */
enum outcome pipeline_run(struct evidence *evidence, const struct recognisers *recognisers,
			  const struct pipeline_options *options, struct arena *arena, struct span *error) MUST_CHECK;

#endif
