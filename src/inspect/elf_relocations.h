/* The relocations that the loader of an ELF object carries out (gABI, chapter 4, "Relocation"). */
#ifndef ASSAY_INSPECT_ELF_RELOCATIONS_H
#define ASSAY_INSPECT_ELF_RELOCATIONS_H

#include "inspect/elf_image.h"

enum elf_relocation_table {
	RELOCATIONS_CALLS, /* DT_JMPREL: of functions, one for each entry of the procedure linkage table */
	RELOCATIONS_WITH_ADDENDS,
	RELOCATIONS_IN_PLACE,
	RELOCATION_TABLES,
};

struct elf_relocation {
	uint64_t address; /* of the word that it writes */
	uint64_t symbol;  /* 0: relative to where the object was loaded */
	uint64_t addend;  /* 0 where it stands in the word itself */
};

struct elf_relocations {
	const struct elf *elf;
	struct cursor cursor;
	bool addends;
};

/* A table that is not there is empty. */
struct elf_relocations elf_relocations_over(const struct elf *elf, enum elf_relocation_table table);
/* False at the end. */
bool elf_relocations_next(struct elf_relocations *relocations, struct elf_relocation *out);

#endif
