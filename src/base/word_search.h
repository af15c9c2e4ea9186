/*
 * Many byte strings in one pass, where they are known only at run time: the first four bytes of each are marked in a table,
 * and only where such four stand is anything compared. For words that a file rarely holds; regular expressions are pattern.h.
 */
#ifndef ASSAY_BASE_WORD_SEARCH_H
#define ASSAY_BASE_WORD_SEARCH_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

enum { WORD_SEARCH_LEAST = 4, WORD_SEARCH_BUCKETS = 4096 };

struct word_search {
	const struct span *words;
	uint32_t *heads; /* of each bucket: index of a word and 1; 0: none */
	uint32_t *next;  /* of each word: the one after it in its bucket */
};

/* The words (borrowed; each of WORD_SEARCH_LEAST bytes or more, or it is never found) must outlive the search. NO_MEMORY. */
enum outcome word_search_make(struct arena *arena, const struct span *words, size_t count, struct word_search *out) MUST_CHECK;
/* Shows each place of each word, in the order of the bytes. False where effort did not suffice for all of them. */
bool word_search_run(const struct word_search *search, struct span bytes,
		     void (*see)(void *context, size_t word, size_t offset), void *context);

#endif
