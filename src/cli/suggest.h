/* "Did you mean": the nearest of the names that exist. */
#ifndef ASSAY_CLI_SUGGEST_H
#define ASSAY_CLI_SUGGEST_H

#include <stddef.h>

enum { SUGGESTION_MAX = 63 };

struct suggestion {
	const char *word;
	size_t length;
	char best[SUGGESTION_MAX + 1]; /* "" where nothing is near */
	size_t distance;
};

struct suggestion suggestion_start(const char *word, size_t length);
/* Keeps the name where it is nearer than those before: at most a third of the letters typed wrong, or it begins alike. */
void suggestion_offer(struct suggestion *suggestion, const char *name);

#endif
