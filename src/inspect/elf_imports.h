/* Imported functions that matter to security. */
#ifndef ASSAY_INSPECT_ELF_IMPORTS_H
#define ASSAY_INSPECT_ELF_IMPORTS_H

#include "base/span.h"

/* Class of a function, as elf_import.class; NULL for one of no concern. */
const char *elf_import_class(struct span name);

#endif
