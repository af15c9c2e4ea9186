/*
 * Until when the maker of a component spoke of a series of its versions: while he mended it (data/support), or longer
 * (data/vulnerabilities/spoken.tsv). A list of faults by branch that is younger says nothing of the series.
 */
#ifndef ASSAY_VULN_SERIES_H
#define ASSAY_VULN_SERIES_H

#include "base/span.h"

struct series {
	struct span name;  /* "1.0.1": the longest that the version begins with; empty where none is known */
	struct span until; /* last day, YYYY-MM-DD */
};

/* The spans point into the version and the program's own data. */
struct series series_of(struct span component, struct span version);
/* True where the version begins with the name of the series: 1.0.1 and 1.0.1u with 1.0.1, but not 1.0.10. */
bool series_holds(struct span name, struct span version);

#endif
