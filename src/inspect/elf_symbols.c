/* ELF symbol tables (gABI, chapter 4). */
#include "inspect/elf_symbol_count.h"

enum { DT_SYMTAB = 6 };
enum { SYMBOL_NAME_MAX = 512 }; /* keeps a string table without ends from being read again and again */
enum { SYMBOL_FUNCTION = 2, SYMBOL_INDIRECT = 10, BINDING_LOCAL = 0 };

struct elf_symbols elf_dynamic_symbols(const struct elf *elf)
{
	struct elf_symbols out = { .strings = elf_dynamic_strings(elf) };
	uint64_t address;
	if (elf_dynamic_value(elf, DT_SYMTAB, &address)) {
		out.table = elf_at_address(elf, address);
		out.count = elf_dynamic_symbol_count(elf, out.table);
	}
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
	out.count = out.table.size / elf_symbol_size(elf);
	return out;
}

bool elf_symbol_at(const struct elf *elf, const struct elf_symbols *symbols, uint64_t index,
		   struct elf_symbol *out)
{
	if (index >= symbols->count)
		return false;
	struct cursor c = cursor_over_order(symbols->table, elf->big_endian);
	cursor_seek(&c, index * elf_symbol_size(elf));
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
		.typed_function = type == SYMBOL_FUNCTION,
		.local = info >> 4 == BINDING_LOCAL,
	};
	return cursor_ok(&c);
}
