/*
 * Judges the evidence: runs every rule, gives every requirement of every catalogue
 * a verdict, and computes the grade. Fills finding, catalog, requirement,
 * requirement_mapping, verdict, verdict_evidence, grade and grade_reason.
 */
#ifndef ASSAY_JUDGE_JUDGE_H
#define ASSAY_JUDGE_JUDGE_H

#include "evidence/evidence.h"
#include "judge/rules.h"

/* What the user adds to our own rules and catalogues; all may be zero. */
struct judge_options {
	const struct judge_source *rules;
	size_t rule_files;
	const struct judge_source *catalogs;
	size_t catalog_files;
};

/*
 * Judges, in place of an earlier judgement that the evidence holds. Declarations
 * (product_read) and vulnerabilities must be in the evidence before. On MALFORMED,
 * *error (in the arena) is one line about a bad rule file or catalogue, and the
 * evidence is unchanged.
 */
enum outcome judge(struct evidence *evidence, const struct judge_options *options, struct arena *arena,
		   struct span *error) MUST_CHECK;

#endif
