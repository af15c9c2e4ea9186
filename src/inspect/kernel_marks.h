/*
 * Names that a kernel holds where it was built with an option: those that its code exports, and those by which it registers
 * what it offers. Looked for are those of data/kernel/marks.tsv (src/vuln/kernel_marks.h), each as the end of a string.
 */
#ifndef ASSAY_INSPECT_KERNEL_MARKS_H
#define ASSAY_INSPECT_KERNEL_MARKS_H

#include "inspect/name_list.h"

/* A checksum of the table of what is looked for. */
int64_t kernel_marks_table(void);
/* Adds the names of the table that the kernel holds, sorted. False where there was no memory or effort to look at all of it. */
bool kernel_marks_find(struct span bytes, struct name_list *out, uint64_t *offset) MUST_CHECK;

#endif
