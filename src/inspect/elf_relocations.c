/* Tables of relocations: System V ABI (gABI, chapter 4), and the psABI of MIPS for its 64-bit r_info. */
#include "inspect/elf_relocations.h"

enum { DT_PLTRELSZ = 2, DT_RELA = 7, DT_RELASZ = 8, DT_REL = 17, DT_RELSZ = 18, DT_PLTREL = 20, DT_JMPREL = 23 };
enum { MACHINE_MIPS = 8 };

static const struct {
	uint64_t address, size;
} tags[RELOCATION_TABLES] = {
	[RELOCATIONS_CALLS] = { DT_JMPREL, DT_PLTRELSZ },
	[RELOCATIONS_WITH_ADDENDS] = { DT_RELA, DT_RELASZ },
	[RELOCATIONS_IN_PLACE] = { DT_REL, DT_RELSZ },
};

static bool has_addends(const struct elf *elf, enum elf_relocation_table table)
{
	uint64_t kind = 0;
	if (table != RELOCATIONS_CALLS)
		return table == RELOCATIONS_WITH_ADDENDS;
	return elf_dynamic_value(elf, DT_PLTREL, &kind) ? kind == DT_RELA : elf->wide;
}

struct elf_relocations elf_relocations_over(const struct elf *elf, enum elf_relocation_table table)
{
	uint64_t address, size;
	struct span bytes = SPAN_NONE;
	if (elf_dynamic_value(elf, tags[table].address, &address) && elf_dynamic_value(elf, tags[table].size, &size))
		bytes = span_slice(elf_at_address(elf, address), 0, size);
	return (struct elf_relocations){ elf, cursor_over_order(bytes, elf->big_endian), has_addends(elf, table) };
}

/* MIPS keeps the symbol in the first four bytes, whatever the order of bytes. */
static uint64_t read_symbol(const struct elf *elf, struct cursor *c)
{
	if (!elf->wide)
		return cursor_u32(c) >> 8;
	if (elf->machine != MACHINE_MIPS)
		return cursor_u64(c) >> 32;
	uint32_t symbol = cursor_u32(c);
	cursor_skip(c, 4);
	return symbol;
}

bool elf_relocations_next(struct elf_relocations *relocations, struct elf_relocation *out)
{
	struct cursor *c = &relocations->cursor;
	bool wide = relocations->elf->wide;
	if (cursor_left(c) < (wide ? 8u : 4u) * (relocations->addends ? 3u : 2u))
		return false;
	out->address = wide ? cursor_u64(c) : cursor_u32(c);
	out->symbol = read_symbol(relocations->elf, c);
	out->addend = !relocations->addends ? 0 : wide ? cursor_u64(c) : cursor_u32(c);
	return cursor_ok(c);
}
