/* The release that the number of a shared library's file stands for: data/libraries/numbers.tsv. */
#ifndef ASSAY_IDENTIFY_LIBRARY_NUMBER_H
#define ASSAY_IDENTIFY_LIBRARY_NUMBER_H

#include "base/span.h"

/* How sure such a sighting is: every other one that shows a version says more (identify/settle.h). */
enum { LIBRARY_NUMBER_CONFIDENCE = 50 };

struct library_number {
	struct span component, release;
};

/*
 * Of the name of a file, "libfreetype.so.6.11.1". False where the table does not have it: the number is of several
 * releases, or its project does not change it with each. The spans are of the program's own data.
 */
bool library_number_find(struct span name, struct library_number *out);

#endif
