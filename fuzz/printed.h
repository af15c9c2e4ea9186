/* What a target prints: kept in memory, and held to what its readers count on. */
#ifndef ASSAY_FUZZ_PRINTED_H
#define ASSAY_FUZZ_PRINTED_H

#include "cli/options.h"

struct printed {
	char *text;
	size_t size;
	void *stdout_before;
};

/* From here to printed_check() standard output goes to memory. */
void printed_start(struct printed *printed);
/*
 * Ends the target where a table has a byte that steers a terminal, where TSV has another number of columns than that in
 * any line, or where JSON is none.
 */
void printed_check(struct printed *printed, enum table_format format, int columns);

#endif
