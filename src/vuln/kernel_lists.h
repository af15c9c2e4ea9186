/* The modules that a kernel was built with, as depmod's lists name them (table kernel_names: "built in", "modules"). */
#ifndef ASSAY_VULN_KERNEL_LISTS_H
#define ASSAY_VULN_KERNEL_LISTS_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/span.h"

struct kernel_lists {
	struct span *built_in; /* their names, with '_' for '-', sorted */
	struct span *loadable; /* those of lists and of the modules themselves */
	size_t built_in_count, loadable_count;
	int64_t file; /* that lists what is built in; 0 for none */
	bool whole;   /* all that is built in is listed, and all modules that the image could load are known */
};

/* Reads those of a kernel by its version. The arena must outlive it; without memory nothing is known. */
void kernel_lists_read(struct kernel_lists *lists, sqlite3 *evidence, struct span version, struct arena *arena);
/* Of a module's name as the kernel tells it ("nf_nat"). */
bool kernel_lists_builds_in(const struct kernel_lists *lists, struct span name);
bool kernel_lists_loads(const struct kernel_lists *lists, struct span name);

#endif
