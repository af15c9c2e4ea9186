/* Build options that a kernel's own strings prove, where it carries no configuration. */
#ifndef ASSAY_INSPECT_KERNEL_OPTIONS_H
#define ASSAY_INSPECT_KERNEL_OPTIONS_H

#include "inspect/inspector.h"
#include "inspect/kernel_banner.h"

void kernel_options_state(struct inspection *file, const char *name, struct span value);
/* States the options that the strings of the kernel in file->bytes prove to be set. */
void kernel_options_infer(struct inspection *file, const struct kernel_banner *banner);

#endif
