/*
 * Many regular expressions in one pass: Vectorscan finds the words that they cannot do
 * without, PCRE2 the matches around them. A set is compiled once, at build time, and
 * serialised; at run time it is read back, immutable and shared. Scratch memory is per worker.
 */
#ifndef ASSAY_BASE_PATTERN_H
#define ASSAY_BASE_PATTERN_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

/*
 * An expression in the syntax of PCRE2: no look-around, no back references, no options within. It needs a word, a byte at
 * least, at a bounded distance from the start of its matches (pattern_word.h).
 */
struct pattern {
	const char *expression;
	unsigned flags; /* PATTERN_… */
};
enum {
	PATTERN_CASELESS = 1,
	PATTERN_MULTILINE = 2, /* ^ and $ at line ends */
	PATTERN_ONCE = 4,      /* only the first hit of a file is wanted */
};

/* A hit: the expression matches these bytes, as PCRE2 matches at their start. */
struct pattern_hit {
	uint32_t pattern; /* index in the set */
	uint64_t start;   /* offset of its first byte */
	uint64_t end;     /* offset of the byte after the match */
};

struct pattern_set;
struct pattern_scanner;

/* Compiles a set. On failure *error holds words about the first bad expression, in the arena. */
enum outcome pattern_set_compile(const struct pattern *patterns, size_t count, struct arena *arena,
				 struct pattern_set **out, struct span *error) MUST_CHECK;
/* Bytes that pattern_set_load() reads back; the caller frees *out with free(). */
enum outcome pattern_set_save(const struct pattern_set *set, void **out, size_t *size) MUST_CHECK;
/* Reads a saved set for the same patterns (borrowed for the life of the set). UNSUPPORTED where this machine cannot run it. */
enum outcome pattern_set_load(struct span saved, const struct pattern *patterns, size_t count,
			      struct pattern_set **out) MUST_CHECK;
void pattern_set_free(struct pattern_set *set);

/* One worker's scratch memory over a set; the set must outlive it. */
enum outcome pattern_scanner_new(const struct pattern_set *set, struct pattern_scanner **out) MUST_CHECK;
void pattern_scanner_free(struct pattern_scanner *scanner);

/*
 * Finds the hits in the bytes, sorted by pattern and then by start and end, at most
 * PATTERN_HITS_MAX of each pattern. Hits may overlap; a match within another one of the
 * same pattern is no hit. *hits is valid until the next scan.
 */
enum { PATTERN_HITS_MAX = 8192 };
enum outcome pattern_scan(struct pattern_scanner *scanner, struct span bytes, const struct pattern_hit **hits,
			  size_t *count) MUST_CHECK;

/*
 * What the last scan left out, of patterns first to first + count - 1: hits beyond PATTERN_HITS_MAX, and places where
 * PCRE2 gave up.
 */
uint64_t pattern_dropped(const struct pattern_scanner *scanner, uint32_t first, size_t count);

/* The groups of one match; groups[0] is the whole. A group that took no part is empty with data NULL. */
enum { PATTERN_GROUPS_MAX = 8 };
struct pattern_match {
	struct span groups[PATTERN_GROUPS_MAX];
	uint64_t offset; /* of groups[0] in the bytes */
};
/* The groups of a hit in the same bytes, as slices of them. False where PCRE2 gives up, or the effort is spent. */
bool pattern_capture(struct pattern_scanner *scanner, struct span bytes, const struct pattern_hit *hit,
		     struct pattern_match *out);

#endif
