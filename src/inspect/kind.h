/* What the content of a file is, by its first bytes. */
#ifndef ASSAY_INSPECT_KIND_H
#define ASSAY_INSPECT_KIND_H

#include "base/span.h"

enum content_kind {
	KIND_EMPTY,
	KIND_ELF,
	KIND_KERNEL_MODULE, /* an ELF relocatable with a .modinfo, by name *.ko */
	KIND_SCRIPT,        /* starts with #! */
	KIND_TEXT,          /* printable, no NUL */
	KIND_PEM,           /* text with a -----BEGIN line */
	KIND_DEVICE_TREE,
	KIND_IMAGE,         /* pictures, sound, fonts */
	KIND_ARCHIVE,       /* compressed or packed */
	KIND_PART,          /* raw bytes: boot loader, kernel, unknown range */
	KIND_DATA,          /* anything else */
};

/* As file.kind in the evidence. */
const char *kind_name(enum content_kind kind);
enum content_kind kind_of(struct span name, struct span bytes);
/* True for text, scripts and PEM. */
bool kind_is_text(enum content_kind kind);
/*
 * True for what a program that expects lines would read as such, whatever control characters stand in it: all but
 * programs, modules and pictures. For files that their name or place makes a configuration.
 */
bool kind_may_be_lines(enum content_kind kind);

#endif
