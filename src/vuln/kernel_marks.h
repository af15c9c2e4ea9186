/*
 * Names that every kernel holds that was built with an option: data/kernel/marks.tsv, which tools/make-kernel-marks writes. A
 * line for each option, parted by tabs:
 *     option  first  last  exports  first  last  name…
 * Exports, parted by blanks, are what its code exports to modules; names are those by which it registers what it offers
 * ("hfsc" among queues). The versions are those between which the sources that were read have all of them; "4.4+" where
 * names have been added with the years, so that nothing is said of kernels before it. One that is missing tells that the
 * code is; one that is there tells nothing, for it may be in other code. The line "# Anchors:" has exports that every
 * kernel has and no module uses: of a kernel that lacks them, those of others tell nothing, either.
 */
#ifndef ASSAY_VULN_KERNEL_MARKS_H
#define ASSAY_VULN_KERNEL_MARKS_H

#include "vuln/kernel_traces.h"

/* Absent, or unknown. */
struct kernel_shown kernel_marks_show(const struct kernel_names *names, const struct kernel_traced *traced);

#endif
