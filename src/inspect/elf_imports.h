/* Imported functions that matter to security. */
#ifndef ASSAY_INSPECT_ELF_IMPORTS_H
#define ASSAY_INSPECT_ELF_IMPORTS_H

#include "inspect/elf_image.h"

/* Class of a function, as elf_import.class; NULL for one of no concern. */
const char *elf_import_class(struct span name);
enum elf_shell {
	ELF_SHELL_NONE,
	ELF_SHELL_BOUND,   /* whoever connects gets it */
	ELF_SHELL_REVERSE, /* it connects out */
};
/*
 * Of a small program that hands a shell to another machine; *surely is false where it may ask for a password, or where only the
 * symbols of a static program tell it.
 */
enum elf_shell elf_hands_out_shell(const struct elf *elf, bool *surely);

#endif
