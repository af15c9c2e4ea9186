/*
 * The words of an expression: byte strings of which every match of it holds at least
 * one, at a known distance from its start. They are what a file is searched for before
 * the expression itself is tried.
 */
#ifndef ASSAY_BASE_PATTERN_WORD_H
#define ASSAY_BASE_PATTERN_WORD_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

enum { PATTERN_WORDS_MAX = 64, PATTERN_WORD_SIZE_MAX = 16, PATTERN_BEFORE_MAX = 4096 };

struct pattern_words {
	const struct span *all;  /* none is empty; in the arena */
	size_t count;            /* up to PATTERN_WORDS_MAX */
	uint32_t before_least, before_most; /* bytes of a match before its word; up to PATTERN_BEFORE_MAX */
};

/*
 * The rarest words of an expression of the syntax that struct pattern names. MALFORMED,
 * with static words in *problem, for an expression of another syntax and for one without
 * a word at a bounded distance.
 */
enum outcome pattern_words_of(struct arena *arena, const char *expression, struct pattern_words *out,
			      const char **problem) MUST_CHECK;

#endif
