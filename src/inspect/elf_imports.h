/* Imported functions that matter to security. */
#ifndef ASSAY_INSPECT_ELF_IMPORTS_H
#define ASSAY_INSPECT_ELF_IMPORTS_H

#include "inspect/elf_image.h"

/* Class of a function, as elf_import.class; NULL for one of no concern. */
const char *elf_import_class(struct span name);
/* True for a small program that accepts connections, puts them in place of its input and output, and runs a shell. */
bool elf_hands_out_shell(const struct elf *elf);

#endif
