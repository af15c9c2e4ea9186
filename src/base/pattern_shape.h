/*
 * What is known about the matches of a part of an expression: how long they are, and
 * words of which each holds one. For pattern_word.c, which reads the parts.
 */
#ifndef ASSAY_BASE_PATTERN_SHAPE_H
#define ASSAY_BASE_PATTERN_SHAPE_H

#include "base/arena.h"
#include "base/pattern_word.h"

#define WITHOUT_END UINT64_MAX /* a size */
#define USELESS UINT64_MAX     /* a cost */

struct word_list {
	struct span *all;
	size_t count;
};

/* Words of which each match holds one, so many bytes after its start. */
struct choice {
	struct word_list words;
	uint64_t before_least, before_most;
	uint64_t cost; /* how often they are met by chance, times the starts to be tried then; USELESS for none */
};

struct shape {
	uint64_t least, most; /* bytes that it matches; most may be WITHOUT_END */
	bool finite;          /* it matches exactly its words */
	struct word_list words;
	struct choice best;
};

/* Parts one after another: its words are those that the newest of them can be, together. */
struct sequence {
	struct shape shape;
	uint64_t run_least, run_most; /* bytes before these words */
};

/* Where words are kept; no_memory is set for good where the arena refuses. */
struct shaper {
	struct arena *arena;
	bool no_memory;
};

/* One word, which may be empty, borrowed. */
struct shape shape_of_word(struct shaper *shaper, struct span word);
/* One byte. */
struct shape shape_of_byte(struct shaper *shaper, int byte);
/* One byte of those of the 256 that are true. */
struct shape shape_of_class(struct shaper *shaper, const bool *members);
/* Any bytes, so many. */
struct shape shape_of_size(uint64_t least, uint64_t most);
/* One or the other. */
struct shape shape_either(struct shaper *shaper, const struct shape *left, const struct shape *right);

/* No parts yet. */
struct sequence sequence_new(struct shaper *shaper);
/* A further part, least to most times; most may be WITHOUT_END. */
void sequence_append(struct shaper *shaper, struct sequence *sequence, const struct shape *part, uint64_t least,
		     uint64_t most);
struct shape sequence_shape(struct sequence *sequence);

/* The rarest words that its matches are found by; its cost is USELESS where there are none. */
struct choice shape_choice(const struct shape *shape);

#endif
