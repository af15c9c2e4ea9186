/*
 * What a set of patterns is made of; for pattern*.c alone. Vectorscan looks for the words
 * of the expressions, and PCRE2 for the expressions around the words that it finds.
 * Vectorscan has no expressions to look for, as its engines for them do not find all:
 * vectorscan 5.4.9 to 5.4.12 pass over matches, depending on where they lie in memory, as
 * soon as two bytes or classes in a row speed up an automaton (its issues 317 and 358).
 */
#ifndef ASSAY_BASE_PATTERN_SET_H
#define ASSAY_BASE_PATTERN_SET_H

#include <hs/hs.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/arena.h"
#include "base/pattern.h"

/* A word of a pattern; the matches that hold it start so many bytes before it. */
struct pattern_use {
	struct span word;
	bool caseless;
	uint32_t pattern;
	uint32_t before_least, before_most;
};

struct pattern_set {
	hs_database_t *database; /* of the words; NULL for the set of no patterns */
	const struct pattern *patterns; /* borrowed */
	size_t count;
	struct arena arena;
	struct pattern_use *uses; /* sorted by word and pattern */
	size_t use_count;
	uint32_t *words; /* of each word its first use, and one more at the end */
	size_t word_count;
};

/* The expression for PCRE2; the caller frees it. NULL out of memory, or where it is none. */
pcre2_code *pattern_code(const struct pattern *pattern);

#endif
