/* Weighs one requirement: what its rules returned against what the maker declares. */
#ifndef ASSAY_JUDGE_WEIGH_H
#define ASSAY_JUDGE_WEIGH_H

#include "evidence/evidence.h"
#include "judge/catalog.h"
#include "judge/verdict.h"

/* Everything that judging shares: the evidence, the rules, and what each rule returned (same index). */
struct judging {
	struct evidence *evidence;
	struct arena *arena;
	struct rules rules;
	const struct rule_result *results;
	struct scopes scopes; /* what was read, and what kind of device it is */
};

struct weighed {
	enum verdict verdict;
	bool contradicted;  /* the maker declares what the image disproves */
	struct span reason; /* a sentence */
	struct span fact;   /* the first row behind a failed verdict, and its place; empty otherwise */
	int64_t more;	    /* how many rows there are beside it */
	enum severity severity; /* of a failed verdict: that of the fact, the worst there is */
	struct span advice; /* what the rule of that row advises; may be empty */
	struct span declaration; /* key that was weighed; empty where there is none */
};

/* All text lives in judging->arena. */
/* Gives a requirement of a catalogue that is not about this kind of device. */
enum outcome weigh_not_judged(const struct judging *judging, struct weighed *out) MUST_CHECK;
enum outcome weigh(const struct judging *judging, const struct requirement *requirement,
		   struct weighed *out) MUST_CHECK;

#endif
