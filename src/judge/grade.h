/* The grade, 0 to 5, its ceiling, and the reasons: data/grade/ladder.yaml says what each level asks for
 * (docs/grading.md). */
#ifndef ASSAY_JUDGE_GRADE_H
#define ASSAY_JUDGE_GRADE_H

#include "judge/weigh.h"

/* Fills grade and grade_reason. On MALFORMED, *error says what is wrong with the ladder. */
enum outcome grade(const struct judging *judging, const struct catalogs *catalogs,
		   struct span *error) MUST_CHECK;

#endif
