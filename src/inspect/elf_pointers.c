/* Words that the loader writes are sorted once; all others are read where they lie. */
#include "inspect/elf_pointers.h"

#include <stdlib.h>

#include "base/effort.h"
#include "inspect/elf_relocations.h"

enum { UNITS = 16 /* of effort for a relocation: it is looked up and sorted */ };

static int compare_offset(const void *a, const void *b)
{
	const struct elf_pointer *one = a, *other = b;
	return (one->offset > other->offset) - (one->offset < other->offset);
}

static bool holds(const struct elf_segment *segment, uint64_t address)
{
	return segment->type == SEGMENT_LOAD && address >= segment->address && address - segment->address < segment->size;
}

/* Where in the file an address lies. Tables of relocations keep to one segment for long. */
static bool place(const struct elf *elf, uint64_t address, struct elf_segment *last, uint64_t *offset)
{
	for (uint32_t i = 0; !holds(last, address); i++)
		if (!effort_spend(UNITS) || !elf_segment_at(elf, i, last))
			return false;
	*offset = last->offset + (address - last->address);
	return true;
}

bool elf_pointers_open(const struct elf *elf, struct arena *arena, struct elf_pointers *out)
{
	*out = (struct elf_pointers){ .elf = elf, .word = elf->wide ? 8 : 4 };
	struct elf_relocations relocations = elf_relocations_over(elf, RELOCATIONS_WITH_ADDENDS);
	struct elf_relocation relocation;
	struct elf_segment last = { 0 };
	size_t capacity = 0;
	while (elf_relocations_next(&relocations, &relocation)) {
		struct elf_pointer pointer = { .address = relocation.addend };
		if (!effort_spend(UNITS))
			return false;
		if (relocation.symbol != 0 || !place(elf, relocation.address, &last, &pointer.offset))
			continue;
		struct elf_pointer *grown = arena_grow(arena, out->relocated, out->count, &capacity, sizeof *grown);
		if (!grown)
			return false;
		out->relocated = grown;
		out->relocated[out->count++] = pointer;
	}
	if (out->count > 0)
		qsort(out->relocated, out->count, sizeof *out->relocated, compare_offset);
	return true;
}

static const struct elf_pointer *relocated_at(const struct elf_pointers *pointers, uint64_t offset)
{
	struct elf_pointer key = { .offset = offset };
	if (pointers->count == 0)
		return NULL;
	return bsearch(&key, pointers->relocated, pointers->count, sizeof key, compare_offset);
}

uint64_t elf_pointer_at(const struct elf_pointers *pointers, uint64_t offset)
{
	const struct elf_pointer *found = relocated_at(pointers, offset);
	if (found)
		return found->address;
	struct cursor c = cursor_over_order(span_slice(pointers->elf->bytes, offset, pointers->word), pointers->elf->big_endian);
	return pointers->word == 8 ? cursor_u64(&c) : cursor_u32(&c);
}

/* Where the file itself holds the address. */
static bool next_in_place(const struct elf_pointers *pointers, uint64_t address, struct elf_pointer_search *search,
			  uint64_t *offset)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < pointers->word; i++)
		bytes[i] = (uint8_t)(address >> (8 * (pointers->elf->big_endian ? pointers->word - 1 - i : i)));
	struct span word = span_of(bytes, pointers->word);
	size_t at = span_find(pointers->elf->bytes, word, search->next_offset);
	while (at != SPAN_NOT_FOUND && (at % pointers->word != 0 || relocated_at(pointers, at)))
		at = span_find(pointers->elf->bytes, word, at + 1);
	*offset = at;
	search->next_offset = at == SPAN_NOT_FOUND ? pointers->elf->bytes.size : at + 1;
	return at != SPAN_NOT_FOUND;
}

bool elf_pointer_next(const struct elf_pointers *pointers, uint64_t address, struct elf_pointer_search *search, uint64_t *offset)
{
	while (search->next_relocated < pointers->count && effort_spend(1)) {
		const struct elf_pointer *one = &pointers->relocated[search->next_relocated++];
		*offset = one->offset;
		if (one->address == address)
			return true;
	}
	return next_in_place(pointers, address, search, offset);
}
