/*
 * How many symbols a dynamic table holds: it carries no size of its own. DT_HASH and
 * DT_MIPS_SYMTABNO say it (gABI, chapter 5; MIPS psABI). DT_GNU_HASH lists exports alone
 * and may be empty, so an object without the former is counted by all that name a symbol:
 * the end of its last chain, its section header, its relocations.
 */
#include "inspect/elf_symbol_count.h"

#include "inspect/elf_relocations.h"

enum { DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6 };
#define DT_GNU_HASH 0x6ffffef5u
#define DT_MIPS_SYMTABNO 0x70000011u
enum { MACHINE_S390 = 22, MACHINE_ALPHA = 0x9026 };

uint64_t elf_symbol_size(const struct elf *elf)
{
	return elf->wide ? 24 : 16;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Two 64-bit machines made the words of DT_HASH 64 bits wide. */
static uint64_t count_by_hash(const struct elf *elf)
{
	uint64_t address;
	if (!elf_dynamic_value(elf, DT_HASH, &address))
		return 0;
	struct cursor c = cursor_over_order(elf_at_address(elf, address), elf->big_endian);
	bool wide = elf->wide && (elf->machine == MACHINE_S390 || elf->machine == MACHINE_ALPHA);
	cursor_skip(&c, wide ? 8 : 4);
	uint64_t chains = wide ? cursor_u64(&c) : cursor_u32(&c);
	return cursor_ok(&c) ? chains : 0;
}

/* The highest bucket's chain ends at the last export; what stands before the first is imported. */
static uint64_t count_by_gnu_hash(const struct elf *elf)
{
	uint64_t address;
	if (!elf_dynamic_value(elf, DT_GNU_HASH, &address))
		return 0;
	struct cursor c = cursor_over_order(elf_at_address(elf, address), elf->big_endian);
	uint32_t buckets = cursor_u32(&c), first = cursor_u32(&c), bloom = cursor_u32(&c);
	cursor_skip(&c, 4);
	cursor_skip(&c, (uint64_t)bloom * (elf->wide ? 8 : 4));
	uint32_t last = 0;
	for (uint32_t i = 0; i < buckets && cursor_ok(&c); i++) {
		uint32_t start = cursor_u32(&c);
		last = start > last ? start : last;
	}
	if (!cursor_ok(&c))
		return 0;
	if (last < first)
		return first;
	cursor_skip(&c, (uint64_t)(last - first) * 4);
	while (cursor_ok(&c) && (cursor_u32(&c) & 1) == 0)
		last++;
	return (uint64_t)last + 1;
}

/* The section header of the very table that the dynamic section names. */
static uint64_t count_by_section(const struct elf *elf, struct span table)
{
	struct elf_section section;
	if (!elf_find_section(elf, SECTION_DYNSYM, NULL, &section) ||
	    elf_section_bytes(elf, &section).data != table.data)
		return 0;
	return section.size / elf_symbol_size(elf);
}

/* One more than the highest symbol that a relocation names. */
static uint64_t count_by_relocations(const struct elf *elf)
{
	uint64_t highest = 0;
	for (int table = 0; table < RELOCATION_TABLES; table++) {
		struct elf_relocations relocations = elf_relocations_over(elf, (enum elf_relocation_table)table);
		struct elf_relocation relocation;
		while (elf_relocations_next(&relocations, &relocation))
			highest = larger(highest, relocation.symbol);
	}
	return highest > 0 ? highest + 1 : 0;
}

/* Where the strings stand behind the symbols, the symbols end there at the latest. */
static uint64_t room_before_strings(const struct elf *elf, uint64_t symbols)
{
	uint64_t strings;
	if (!elf_dynamic_value(elf, DT_STRTAB, &strings) || strings <= symbols)
		return UINT64_MAX;
	return (strings - symbols) / elf_symbol_size(elf);
}

uint64_t elf_dynamic_symbol_count(const struct elf *elf, struct span table)
{
	uint64_t address, count;
	if (!elf_dynamic_value(elf, DT_SYMTAB, &address))
		return 0;
	uint64_t room = table.size / elf_symbol_size(elf), before = room_before_strings(elf, address);
	count = count_by_hash(elf);
	if (count == 0 && !elf_dynamic_value(elf, DT_MIPS_SYMTABNO, &count)) {
		count = larger(count_by_gnu_hash(elf), count_by_section(elf, table));
		count = larger(count, count_by_relocations(elf));
	}
	/* Nothing names a symbol: linkers lay the strings right behind the table. */
	if (count == 0 && before != UINT64_MAX)
		count = before;
	count = count < before ? count : before;
	return count < room ? count : room;
}
