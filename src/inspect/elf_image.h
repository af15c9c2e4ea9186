/*
 * An ELF object of either class and byte order, read over cursors. Program headers
 * are trusted before section headers, which embedded tool chains often cut off.
 */
#ifndef ASSAY_INSPECT_ELF_IMAGE_H
#define ASSAY_INSPECT_ELF_IMAGE_H

#include "base/cursor.h"

enum { ELF_REL = 1, ELF_EXEC = 2, ELF_DYN = 3, ELF_CORE = 4 };
enum { SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2, SEGMENT_INTERP = 3, SEGMENT_NOTE = 4 };
#define SEGMENT_GNU_STACK 0x6474e551u
#define SEGMENT_GNU_RELRO 0x6474e552u
enum { SEGMENT_EXECUTABLE = 1 };
enum { SECTION_ANY = 0, SECTION_PROGBITS = 1, SECTION_SYMTAB = 2, SECTION_NOTE = 7, SECTION_DYNSYM = 11 };

struct elf {
	struct span bytes;
	bool wide;       /* class 64 */
	bool big_endian;
	uint16_t type;   /* ELF_EXEC, … */
	uint16_t machine;
	uint64_t segment_offset, section_offset;
	uint32_t segment_size, segment_count;
	uint32_t section_size, section_count;
	uint32_t section_names; /* index of the section that holds the names */
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, address, size, alignment; /* size: bytes in the file */
};

struct elf_section {
	uint32_t name, type, link;
	uint64_t offset, size, alignment;
};

struct elf_symbol {
	struct span name;
	bool defined;
	bool function; /* typed as a function, or not typed at all */
	bool typed_function; /* typed as a function */
	bool local;
};

/* A symbol table with its strings. */
struct elf_symbols {
	struct span table;
	struct span strings;
	uint64_t count;
};

/* Reads the file header; false where the bytes are no ELF object. */
bool elf_open(struct span bytes, struct elf *out);

/* False past the last one, or where the header lies outside the file. */
bool elf_segment_at(const struct elf *elf, uint32_t index, struct elf_segment *out);
bool elf_section_at(const struct elf *elf, uint32_t index, struct elf_section *out);
/* The first segment of a type. */
bool elf_find_segment(const struct elf *elf, uint32_t type, struct elf_segment *out);
/* The first section of a type (SECTION_ANY for all) and name (NULL for all). */
bool elf_find_section(const struct elf *elf, uint32_t type, const char *name, struct elf_section *out);
/* What there is of their bytes in the file. */
struct span elf_segment_bytes(const struct elf *elf, const struct elf_segment *segment);
struct span elf_section_bytes(const struct elf *elf, const struct elf_section *section);
/* True where all that the program's headers speak of lies in the file: nothing of it is cut off. */
bool elf_is_whole(const struct elf *elf);
/* Bytes from a virtual address to the end of its segment; empty where no segment maps it. */
struct span elf_at_address(const struct elf *elf, uint64_t address);
/* The other way: the virtual address of a byte of the file; 0 where no segment maps it. */
uint64_t elf_address_of(const struct elf *elf, uint64_t offset);

/* The dynamic section's bytes; empty for static objects. */
struct span elf_dynamic(const struct elf *elf);
/* Takes the next entry off *rest; false at the end. */
bool elf_next_dynamic(const struct elf *elf, struct span *rest, uint64_t *tag, uint64_t *value);
/* Value of the first entry with that tag. */
bool elf_dynamic_value(const struct elf *elf, uint64_t tag, uint64_t *value);
/* The dynamic string table. */
struct span elf_dynamic_strings(const struct elf *elf);

/* The dynamic symbols, as many as elf_symbol_count.c finds. */
struct elf_symbols elf_dynamic_symbols(const struct elf *elf);
/* The full symbol table (.symtab); count 0 where the object is stripped. */
struct elf_symbols elf_full_symbols(const struct elf *elf);
/* Symbol with an index; false past the end. */
bool elf_symbol_at(const struct elf *elf, const struct elf_symbols *symbols, uint64_t index,
		   struct elf_symbol *out);

/* GNU build id from the notes; empty where there is none. */
struct span elf_build_id(const struct elf *elf);

#endif
