/*
 * Paths of source files as records name them: of other trees, of what is beside the kernel, and of code that the map of the
 * kernel's files (vuln/kernel_map.h) does not have. data/kernel/areas.tsv says which option all code below a beginning of a path
 * needs, headers included, for which nobody else has a use:
 *     beginning  option
 */
#ifndef ASSAY_VULN_KERNEL_AREA_H
#define ASSAY_VULN_KERNEL_AREA_H

#include "base/arena.h"
#include "vuln/kernel_map.h"

/* "https://example.org/linux/blob/devel/net/core/dev.c" as "net/core/dev.c"; any other path as it is. */
struct span kernel_area_path(struct span path);
/* True for documents, tests and tools, which are no part of a kernel. */
bool kernel_area_is_beside(struct span path);
/* The option without which no kernel has code at the path; empty where none is known. */
struct span kernel_area_option(struct span path);
/*
 * Where a source file that the map does not have has its place there, for files move: the one file of that name below the
 * same folder at the top, or in the arena; empty where there is none, or more than one.
 */
struct span kernel_area_moved(const struct kernel_map *map, struct span path, struct arena *arena);

#endif
