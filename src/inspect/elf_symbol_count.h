/* The size of a dynamic symbol table. */
#ifndef ASSAY_INSPECT_ELF_SYMBOL_COUNT_H
#define ASSAY_INSPECT_ELF_SYMBOL_COUNT_H

#include "inspect/elf_image.h"

/* Bytes of one symbol. */
uint64_t elf_symbol_size(const struct elf *elf);
/* Symbols of the table (the bytes from DT_SYMTAB to the end of its segment), the null one included; bounded by them. */
uint64_t elf_dynamic_symbol_count(const struct elf *elf, struct span table);

#endif
