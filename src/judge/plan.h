/* The way to the next grade, as far as it is engineering: what to mend, grouped by the remedy, most effective first. */
#ifndef ASSAY_JUDGE_PLAN_H
#define ASSAY_JUDGE_PLAN_H

#include "judge/ladder.h"

/* One thing to mend, with all that it disproves. */
struct mending {
	struct span text;   /* all of it, in a sentence */
	struct span fact, advice, names;
	struct span requirement; /* of the first rung behind it; empty for a criterion */
	bool contradicts;   /* the maker declares otherwise */
	enum severity severity;
	size_t count;	    /* requirements and criteria that it disproves */
};

enum { PLAN_MAX = 8 }; /* told one by one */

struct plan {
	struct mending mendings[PLAN_MAX]; /* those of one remedy stand together */
	size_t count;
	struct span rest; /* names what is left where there is more; empty where not */
};

/* What disproves the rungs of a grade; marks them as told. All text lives in judging->arena. Only NO_MEMORY. */
enum outcome plan_make(const struct judging *judging, struct ladder *ladder, int64_t grade, struct plan *out) MUST_CHECK;

#endif
