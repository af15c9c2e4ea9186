/* Kernel command lines, taken apart into parameters. */
#ifndef ASSAY_INSPECT_COMMAND_LINE_H
#define ASSAY_INSPECT_COMMAND_LINE_H

#include "inspect/inspector.h"

/* States a kernel_parameter row for each parameter, up to a lone "--"; source as in the evidence. */
void command_line_state(struct inspection *file, const char *source, struct span line);

/* The printable run around a byte, at most a few kilobytes to each side. */
struct span printable_run(struct span bytes, uint64_t at);

#endif
