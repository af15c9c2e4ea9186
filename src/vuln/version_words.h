/*
 * Ranges of versions in words, as advisories write them by custom: "before 5.4.38, 5.5.x before 5.5.22",
 * "7.1.x below 7.1.31", "through 5.26.2", "up to and including 2.9.14", "1.2.1 and earlier", "versions >= v1.14",
 * "4.6.x through 4.7.x before 4.8.0", "before 2.25.0, and before 2.16.9 LTS", "4.4.2 and 5.1.2".
 */
#ifndef ASSAY_VULN_VERSION_WORDS_H
#define ASSAY_VULN_VERSION_WORDS_H

#include "vuln/range.h"

enum { VERSION_WORDS_MAX = 12, VERSION_WORD_SIZE = 32 };

/* The ranges point into the text, and into this: it must stay where it is. */
struct version_words {
	struct range all[VERSION_WORDS_MAX];
	size_t count;
	bool singles;    /* versions are named one by one among them */
	bool understood; /* false where more versions follow than the ranges hold: nothing of them is sure */
	char branches[2 * VERSION_WORDS_MAX][VERSION_WORD_SIZE];
	size_t branch_count;
};

/* Takes the ranges that begin with the text, past such words as "versions"; count is 0 where there are none. */
void version_words_read(struct span text, struct version_words *out);

/* A word without the marks around it, and whether a clause or sentence ends with it. */
struct plain_word {
	struct span text;
	bool comma, stop;
};
bool plain_word_next(struct span *rest, struct plain_word *out);
/* Without regard to case; the list ends with NULL. */
bool plain_word_among(struct span word, const char *const *list);

#endif
