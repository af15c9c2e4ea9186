/*
 * Whether the kernel of the image was built with an option, seen in the kernel itself: by functions, and by texts, of
 * the code that asks for it. data/kernel/traces.tsv, which tools/make-kernel-traces writes, has a line for each option,
 * parted by tabs:
 *     option  first  last  functions whose absence proves  other functions  first  last  text…
 * The versions are those between which the sources that were read have all of the functions, and texts; names are
 * parted by blanks.
 */
#ifndef ASSAY_VULN_KERNEL_TRACES_H
#define ASSAY_VULN_KERNEL_TRACES_H

#include "vuln/kernel_names.h"

/* An option that is asked about. */
struct kernel_traced {
	struct span option;  /* "BTRFS_FS" */
	bool tristate;       /* it may be a module */
	bool exists;         /* surely under this name in the kernel's version */
	bool lasting;        /* it has had this name in every version */
	bool built_in;       /* its code is never part of a module, its own or another's */
	struct span modules; /* that it may be built as, parted by blanks; empty for none */
};

struct kernel_shown kernel_traces_show(struct kernel_names *names, const struct kernel_traced *traced);

#endif
