/* Build options that a kernel's own strings prove, where it carries no configuration. */
#ifndef ASSAY_INSPECT_KERNEL_OPTIONS_H
#define ASSAY_INSPECT_KERNEL_OPTIONS_H

#include "inspect/inspector.h"
#include "inspect/kernel_banner.h"

/* "# Linux/mips 4.14.63 Kernel Configuration", "# Linux kernel version: 2.6.36": the version in the head of a configuration,
 * which the text keeps; empty where none stands there. */
struct span kernel_options_version(struct span text);
void kernel_options_state(struct inspection *file, const char *name, struct span value);
/* True where an initramfs that is stored as it is brings the strings of its own programs. */
bool kernel_options_holds_programs(struct span bytes);
/* States the options that the strings of the kernel in file->bytes prove to be set. */
void kernel_options_infer(struct inspection *file, const struct kernel_banner *banner);

#endif
