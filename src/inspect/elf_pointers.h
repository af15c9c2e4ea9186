/*
 * The addresses that words of an ELF object hold once it is loaded: tables of data of position-independent programs have them in
 * relocations.
 */
#ifndef ASSAY_INSPECT_ELF_POINTERS_H
#define ASSAY_INSPECT_ELF_POINTERS_H

#include "base/arena.h"
#include "inspect/elf_image.h"

struct elf_pointer {
	uint64_t offset, address; /* of the word in the file; that it holds */
};

struct elf_pointers {
	const struct elf *elf;
	uint64_t word; /* bytes of an address */
	struct elf_pointer *relocated; /* sorted by offset; in the arena */
	size_t count;
};

/* Reads the relocations; false without memory, or where the effort is used up. */
bool elf_pointers_open(const struct elf *elf, struct arena *arena, struct elf_pointers *out);
/* The address that the word at an offset of the file holds; 0 for none. */
uint64_t elf_pointer_at(const struct elf_pointers *pointers, uint64_t offset);
/* How far a search has come; {0} to begin with. */
struct elf_pointer_search {
	size_t next_relocated;
	uint64_t next_offset;
};

/*
 * The next aligned word that holds an address: first those that the loader writes, then those that the file has in place; false
 * where there are no more. All steps together go once over the file and its relocations.
 */
bool elf_pointer_next(const struct elf_pointers *pointers, uint64_t address, struct elf_pointer_search *search, uint64_t *offset);

#endif
