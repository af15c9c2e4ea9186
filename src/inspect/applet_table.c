/* Structures of equal size whose first words lead to names in order (struct BB_applet of applets.h). */
#include "inspect/applet_table.h"

#include "inspect/elf_pointers.h"
#include "inspect/lines.h"

enum { NAME_MAX_SIZE = 24, LEAST = 12, WORDS_LEAST = 2, WORDS_MOST = 8, PLACES_MOST = 8, ENTRIES_MOST = 1024 };

struct search {
	struct span bytes;
	struct elf elf;
	struct elf_pointers pointers;
	uint64_t stride, offset; /* of the best table: of a structure, and of its first one */
	size_t count;
};

static bool is_applet_byte(uint8_t c)
{
	return (is_alnum(c) && !(c >= 'A' && c <= 'Z')) || c == '-' || c == '_' || c == '.' || c == '[';
}

struct span applet_name_at(struct span bytes, size_t at)
{
	size_t size = 0;
	while (size <= NAME_MAX_SIZE && is_applet_byte(span_byte(bytes, at + size)))
		size++;
	bool ends = at + size < bytes.size && span_byte(bytes, at + size) == 0;
	return ends && size > 0 && size <= NAME_MAX_SIZE ? span_slice(bytes, at, size) : SPAN_NONE;
}

/* The name that the structure at an offset leads to. */
static struct span name_of(const struct search *search, uint64_t offset)
{
	uint64_t address = elf_pointer_at(&search->pointers, offset);
	return address == 0 ? SPAN_NONE : applet_name_at(elf_at_address(&search->elf, address), 0);
}

/* Walks from one structure to the first and the last whose names are in order. */
static void try_stride(struct search *search, uint64_t at, uint64_t stride)
{
	uint64_t first = at, next = at + stride;
	size_t count = 1;
	struct span name = name_of(search, at), other;
	for (; first >= stride && count < ENTRIES_MOST; count++, first -= stride, name = other) {
		other = name_of(search, first - stride);
		if (other.size == 0 || span_compare(other, name) >= 0)
			break;
	}
	name = name_of(search, at);
	for (; count < ENTRIES_MOST; count++, next += stride, name = other) {
		other = name_of(search, next);
		if (other.size == 0 || span_compare(other, name) <= 0)
			break;
	}
	if (count > search->count) {
		search->count = count;
		search->offset = first;
		search->stride = stride;
	}
}

static void try_name(struct search *search, size_t at)
{
	struct elf_pointer_search pointer = { 0 };
	uint64_t address = elf_address_of(&search->elf, at), offset;
	if (address == 0)
		return;
	while (elf_pointer_next(&search->pointers, address, &pointer, &offset))
		for (uint64_t words = WORDS_LEAST; words <= WORDS_MOST; words++)
			try_stride(search, offset, words * search->pointers.word);
}

static bool leads_into_program(const struct search *search, uint64_t offset)
{
	uint64_t address = elf_pointer_at(&search->pointers, offset);
	return address != 0 && elf_at_address(&search->elf, address).size > 0;
}

/* A structure whose name was not understood. */
static bool may_be_structure(const struct search *search, uint64_t offset)
{
	return elf_pointer_at(&search->pointers, offset) != 0 &&
	       leads_into_program(search, offset + search->pointers.word);
}

static bool keep(const struct search *search, struct arena *arena, struct applet_table *out)
{
	uint64_t end = search->offset + search->count * search->stride;
	/* Of the applets that there are, '[' comes before all others. */
	bool begins = span_byte(name_of(search, search->offset), 0) == '[' ||
		      (search->offset >= search->stride && !may_be_structure(search, search->offset - search->stride));
	out->entries = ARENA_NEW(arena, struct applet_entry, search->count);
	if (!out->entries)
		return false;
	for (size_t i = 0; i < search->count; i++)
		out->entries[i].name = name_of(search, search->offset + i * search->stride);
	out->count = search->count;
	out->offset = search->offset;
	out->whole = begins && search->count < ENTRIES_MOST && span_covers(search->bytes, end, search->pointers.word) &&
		     elf_pointer_at(&search->pointers, end) == 0;
	return true;
}

bool applet_table_find(struct span bytes, struct arena *arena, struct applet_table *out)
{
	static const char *const anchors[] = { "cat", "sh", "echo" };
	struct search search = { .bytes = bytes };
	*out = (struct applet_table){ 0 };
	if (!elf_open(bytes, &search.elf) || !elf_pointers_open(&search.elf, arena, &search.pointers))
		return false;
	for (size_t a = 0; a < sizeof anchors / sizeof *anchors; a++) {
		struct span needle = span_of(anchors[a], strlen(anchors[a]) + 1);
		size_t places = 0;
		for (size_t at = 0; (at = span_find(bytes, needle, at)) != SPAN_NOT_FOUND && places < PLACES_MOST; at++)
			if (at > 0 && !is_applet_byte(span_byte(bytes, at - 1))) {
				try_name(&search, at);
				places++;
			}
	}
	return search.count >= LEAST && keep(&search, arena, out);
}
