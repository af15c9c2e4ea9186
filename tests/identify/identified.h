/* Runs the witnesses' inspector over many texts and files, with all patterns compiled once. */
#ifndef ASSAY_TESTS_IDENTIFIED_H
#define ASSAY_TESTS_IDENTIFIED_H

#include "identify/identify.h"

struct identified {
	struct arena arena;     /* recognisers and inspectors */
	struct arena scratch;   /* of one run */
	struct recognisers recognisers;
	const struct inspector *search;
	struct pattern_set *set;
	struct pattern_scanner *scanner;
	struct facts facts;     /* of the last run */
	struct notes notes;
};

/* False, with words printed, where the data or an expression is bad. */
bool identified_open(struct identified *identified);
void identified_close(struct identified *identified);
/* Looks at bytes under a name; facts hold until the next run. */
void identified_run(struct identified *identified, const char *path, struct span bytes);
/* The surest version of a component in the last run; SPAN_NONE where it was not seen. *seen may be NULL. */
struct span identified_version(const struct identified *identified, struct span component, bool *seen);

#endif
