/*
 * Which options a kernel was built with, as the names in it show: where a file is seen, all options that it needs are on; where
 * one is surely missing, the one option that it needs is off. So one file tells of the others that are built under its option.
 */
#ifndef ASSAY_VULN_KERNEL_SIGNS_H
#define ASSAY_VULN_KERNEL_SIGNS_H

#include "vuln/kernel_map.h"
#include "vuln/kernel_names.h"

/* What one file shows of an option. */
struct kernel_sign {
	struct span option, path;
	struct kernel_shown shown; /* present or absent; of the file, and so of the option */
};

struct kernel_signs {
	struct kernel_sign *all; /* one of each option, sorted by its name */
	size_t count, capacity;
};

/* Looks at all files that names tell, in a version of the kernel. The arena must outlive it; without memory nothing is shown. */
void kernel_signs_read(struct kernel_signs *signs, const struct kernel_map *map, struct kernel_names *names,
		       struct span version, struct arena *arena);
/* NULL where nothing shows the option, or signs contradict one another. */
const struct kernel_sign *kernel_signs_find(const struct kernel_signs *signs, struct span option);

#endif
