/* Strings in a kernel that name what it was made from. */
#ifndef ASSAY_INSPECT_KERNEL_PATHS_H
#define ASSAY_INSPECT_KERNEL_PATHS_H

#include "inspect/name_list.h"

/*
 * Source files as messages and tables of BUG() name them, as they lie in the kernel's tree ("fs/btrfs/inode.c"): where the build
 * named them in full, its folder is taken off. *offset is that of the first.
 */
void kernel_paths_find(struct span bytes, struct name_list *out, uint64_t *offset);
/* The names that the kernel exports to modules (section __ksymtab_strings); *offset is where they start. */
void kernel_exports_find(struct span bytes, struct name_list *out, uint64_t *offset);

#endif
