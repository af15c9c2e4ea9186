/*
 * ELF symbol tables. The dynamic one carries no size of its own: its hash table
 * does (DT_HASH: the number of chains; DT_GNU_HASH: the end of the last chain;
 * MIPS: DT_MIPS_SYMTABNO).
 */
#include "inspect/elf_image.h"

enum { DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6 };
#define DT_GNU_HASH 0x6ffffef5u
#define DT_MIPS_SYMTABNO 0x70000011u
enum { MACHINE_S390 = 22, MACHINE_ALPHA = 0x9026 };
enum { SYMBOL_NAME_MAX = 512 }; /* keeps a string table without ends from being read again and again */
enum { SYMBOL_FUNCTION = 2, SYMBOL_INDIRECT = 10, BINDING_LOCAL = 0 };

static uint64_t symbol_size(const struct elf *elf)
{
	return elf->wide ? 24 : 16;
}

/* Two 64-bit machines made the words of DT_HASH 64 bits wide. */
static uint64_t count_by_hash(const struct elf *elf, uint64_t address)
{
	struct cursor c = cursor_over_order(elf_at_address(elf, address), elf->big_endian);
	bool wide = elf->wide && (elf->machine == MACHINE_S390 || elf->machine == MACHINE_ALPHA);
	cursor_skip(&c, wide ? 8 : 4);
	uint64_t chains = wide ? cursor_u64(&c) : cursor_u32(&c);
	return cursor_ok(&c) ? chains : 0;
}

/* The highest bucket's chain ends at the last symbol. */
static uint64_t count_by_gnu_hash(const struct elf *elf, uint64_t address)
{
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

/* Linkers lay the strings right behind the symbols: a bound where no hash table can be read. */
static uint64_t count_by_neighbour(const struct elf *elf, uint64_t symbols)
{
	uint64_t strings;
	if (!elf_dynamic_value(elf, DT_STRTAB, &strings) || strings <= symbols)
		return 0;
	return (strings - symbols) / symbol_size(elf);
}

struct elf_symbols elf_dynamic_symbols(const struct elf *elf)
{
	struct elf_symbols out = { .strings = elf_dynamic_strings(elf) };
	uint64_t address, value;
	if (elf_dynamic_value(elf, DT_SYMTAB, &address)) {
		out.table = elf_at_address(elf, address);
		if (elf_dynamic_value(elf, DT_HASH, &value))
			out.count = count_by_hash(elf, value);
		if (out.count == 0 && elf_dynamic_value(elf, DT_MIPS_SYMTABNO, &value))
			out.count = value;
		if (out.count == 0 && elf_dynamic_value(elf, DT_GNU_HASH, &value))
			out.count = count_by_gnu_hash(elf, value);
		if (out.count == 0)
			out.count = count_by_neighbour(elf, address);
	}
	uint64_t room = out.table.size / symbol_size(elf);
	out.count = out.count < room ? out.count : room;
	return out;
}

struct elf_symbols elf_full_symbols(const struct elf *elf)
{
	struct elf_symbols out = { 0 };
	struct elf_section section, strings;
	if (!elf_find_section(elf, SECTION_SYMTAB, NULL, &section) || !elf_section_at(elf, section.link, &strings))
		return out;
	out.table = elf_section_bytes(elf, &section);
	out.strings = elf_section_bytes(elf, &strings);
	out.count = out.table.size / symbol_size(elf);
	return out;
}

bool elf_symbol_at(const struct elf *elf, const struct elf_symbols *symbols, uint64_t index,
		   struct elf_symbol *out)
{
	if (index >= symbols->count)
		return false;
	struct cursor c = cursor_over_order(symbols->table, elf->big_endian);
	cursor_seek(&c, index * symbol_size(elf));
	uint32_t name = cursor_u32(&c);
	if (!elf->wide)
		cursor_skip(&c, 8); /* value, size */
	uint8_t info = cursor_u8(&c);
	cursor_skip(&c, 1);
	uint16_t section = cursor_u16(&c);
	uint8_t type = info & 15;
	*out = (struct elf_symbol){
		.name = span_until_nul(span_slice(symbols->strings, name, SYMBOL_NAME_MAX)),
		.defined = section != 0,
		.function = type == SYMBOL_FUNCTION || type == 0 || type == SYMBOL_INDIRECT,
		.local = info >> 4 == BINDING_LOCAL,
	};
	return cursor_ok(&c);
}
