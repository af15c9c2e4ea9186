/*
 * Texts in a kernel by which it shows with which options it was built: those of data/kernel/traces.tsv
 * (src/vuln/kernel_traces.h). A text is a string of the kernel up to its first conversion ("%s"), from its beginning, or from
 * behind the level of its message ("<3>", or a byte 1 and one more) or behind a colon and a blank.
 */
#ifndef ASSAY_INSPECT_KERNEL_TEXTS_H
#define ASSAY_INSPECT_KERNEL_TEXTS_H

#include "inspect/name_list.h"

/* A checksum of the table of what is looked for. */
int64_t kernel_texts_table(void);
/*
 * Adds the texts of the table that the kernel holds, sorted. False where what is missing says nothing: the bytes hold no
 * messages of a kernel, or there was no memory or effort to look at all of them: which the list's arena ("refused") and the
 * meter then say, and whoever gave them tells as not searched.
 */
bool kernel_texts_find(struct span bytes, struct name_list *out, uint64_t *offset) MUST_CHECK;

#endif
