/* The ladder of grades: for each grade, the things that it asks for, weighed. */
#ifndef ASSAY_JUDGE_LADDER_H
#define ASSAY_JUDGE_LADDER_H

#include "judge/weigh.h"

enum { GRADE_MAX = 5 };

/* One thing that a grade asks for: a criterion of its own, or a requirement of the catalogue. */
struct rung {
	int64_t grade;
	const struct requirement *asked;
	struct span requirement; /* "xiaomi-2.0 3.2.2"; empty for a criterion of the grade itself */
	struct span level;	 /* "low": the level that asks; empty where it is asked for by name */
	enum severity least;	 /* a lesser fault does not hold this grade */
	struct weighed weighed;
	bool told; /* for the writer of reasons: stands in a sentence already */
};

struct ladder {
	struct rung *rungs; /* in the ladder's order: by grade, criteria first */
	size_t count;
	bool judged; /* false: its catalogue is not about this kind of device, and there are no rungs */
};

/* Reads data/grade/ladder.yaml and weighs everything it asks for. */
enum outcome ladder_weigh(const struct judging *judging, const struct catalogs *catalogs, struct ladder *out,
			  struct span *error) MUST_CHECK;

/* What stands between this image and a grade: nothing, something open (unproven or not to be judged),
 * something disproved. */
static inline bool rung_disproved(const struct rung *rung)
{
	return rung->weighed.verdict == VERDICT_FAILED && rung->weighed.severity >= rung->least;
}

static inline bool rung_open(const struct rung *rung)
{
	return rung->weighed.verdict == VERDICT_UNPROVEN || rung->weighed.verdict == VERDICT_ERROR;
}

#endif
