/* ELF headers, as laid down in the System V ABI (generic ABI, chapters 4 and 5). */
#include "inspect/elf_image.h"

enum { ELF32_SEGMENT = 32, ELF64_SEGMENT = 56, ELF32_SECTION = 40, ELF64_SECTION = 64 };
enum { SECTION_NAME_MAX = 256 };
enum { DT_NULL = 0, DT_STRTAB = 5, DT_STRSZ = 10 };
enum { NOTE_BUILD_ID = 3, SECTION_NOBITS = 8 };

/* An address, offset or size: as wide as the class. */
static uint64_t read_word(const struct elf *elf, struct cursor *c)
{
	return elf->wide ? cursor_u64(c) : cursor_u32(c);
}

/* Objects with 65,280 sections and more keep the counts in section 0. */
static void read_extended_counts(struct elf *elf)
{
	struct cursor c = cursor_over_order(elf->bytes, elf->big_endian);
	cursor_seek(&c, elf->section_offset);
	cursor_skip(&c, elf->wide ? 32 : 20);
	uint64_t count = read_word(elf, &c);
	uint32_t link = cursor_u32(&c);
	if (!cursor_ok(&c))
		return;
	if (elf->section_count == 0 && count <= UINT32_MAX)
		elf->section_count = (uint32_t)count;
	if (elf->section_names == 0xffff)
		elf->section_names = link;
}

bool elf_open(struct span bytes, struct elf *out)
{
	uint8_t class = span_byte(bytes, 4), order = span_byte(bytes, 5);
	if (!span_has_at(bytes, 0, SPAN_LITERAL("\177ELF")) || class < 1 || class > 2 || order < 1 || order > 2)
		return false;
	*out = (struct elf){ .bytes = bytes, .wide = class == 2, .big_endian = order == 2 };
	struct cursor c = cursor_over_order(bytes, out->big_endian);
	cursor_skip(&c, 16);
	out->type = cursor_u16(&c);
	out->machine = cursor_u16(&c);
	cursor_skip(&c, 4);
	(void)read_word(out, &c); /* entry point */
	out->segment_offset = read_word(out, &c);
	out->section_offset = read_word(out, &c);
	cursor_skip(&c, 6); /* flags, header size */
	out->segment_size = cursor_u16(&c);
	out->segment_count = cursor_u16(&c);
	out->section_size = cursor_u16(&c);
	out->section_count = cursor_u16(&c);
	out->section_names = cursor_u16(&c);
	if (!cursor_ok(&c))
		return false;
	if (out->section_offset != 0 && (out->section_count == 0 || out->section_names == 0xffff))
		read_extended_counts(out);
	if (out->segment_size < (out->wide ? ELF64_SEGMENT : ELF32_SEGMENT))
		out->segment_count = 0;
	if (out->section_offset == 0 || out->section_size < (out->wide ? ELF64_SECTION : ELF32_SECTION))
		out->section_count = 0;
	return true;
}

bool elf_segment_at(const struct elf *elf, uint32_t index, struct elf_segment *out)
{
	if (index >= elf->segment_count)
		return false;
	struct cursor c = cursor_over_order(elf->bytes, elf->big_endian);
	cursor_seek(&c, elf->segment_offset);
	cursor_skip(&c, (uint64_t)index * elf->segment_size);
	out->type = cursor_u32(&c);
	if (elf->wide)
		out->flags = cursor_u32(&c);
	out->offset = read_word(elf, &c);
	out->address = read_word(elf, &c);
	(void)read_word(elf, &c); /* physical address */
	out->size = read_word(elf, &c);
	(void)read_word(elf, &c); /* size in memory */
	if (!elf->wide)
		out->flags = cursor_u32(&c);
	out->alignment = read_word(elf, &c);
	return cursor_ok(&c);
}

bool elf_section_at(const struct elf *elf, uint32_t index, struct elf_section *out)
{
	if (index >= elf->section_count)
		return false;
	struct cursor c = cursor_over_order(elf->bytes, elf->big_endian);
	cursor_seek(&c, elf->section_offset);
	cursor_skip(&c, (uint64_t)index * elf->section_size);
	out->name = cursor_u32(&c);
	out->type = cursor_u32(&c);
	(void)read_word(elf, &c); /* flags */
	(void)read_word(elf, &c); /* address */
	out->offset = read_word(elf, &c);
	out->size = read_word(elf, &c);
	out->link = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->alignment = read_word(elf, &c);
	return cursor_ok(&c);
}

bool elf_find_segment(const struct elf *elf, uint32_t type, struct elf_segment *out)
{
	for (uint32_t i = 0; elf_segment_at(elf, i, out); i++)
		if (out->type == type)
			return true;
	return false;
}

bool elf_find_section(const struct elf *elf, uint32_t type, const char *name, struct elf_section *out)
{
	struct elf_section names;
	struct span strings = SPAN_NONE;
	if (elf_section_at(elf, elf->section_names, &names))
		strings = elf_section_bytes(elf, &names);
	for (uint32_t i = 0; elf_section_at(elf, i, out); i++) {
		if (type != SECTION_ANY && out->type != type)
			continue;
		if (!name || span_equal_text(span_until_nul(span_slice(strings, out->name, SECTION_NAME_MAX)), name))
			return true;
	}
	return false;
}

struct span elf_segment_bytes(const struct elf *elf, const struct elf_segment *segment)
{
	return span_slice(elf->bytes, segment->offset, segment->size);
}

struct span elf_section_bytes(const struct elf *elf, const struct elf_section *section)
{
	if (section->type == SECTION_NOBITS)
		return SPAN_NONE;
	return span_slice(elf->bytes, section->offset, section->size);
}

bool elf_is_whole(const struct elf *elf)
{
	struct elf_segment segment;
	for (uint32_t i = 0; i < elf->segment_count; i++)
		if (!elf_segment_at(elf, i, &segment) || !span_covers(elf->bytes, segment.offset, segment.size))
			return false;
	return true;
}

struct span elf_at_address(const struct elf *elf, uint64_t address)
{
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(elf, i, &segment); i++)
		if (segment.type == SEGMENT_LOAD && address >= segment.address &&
		    address - segment.address < segment.size)
			return span_from(elf_segment_bytes(elf, &segment), address - segment.address);
	return SPAN_NONE;
}

uint64_t elf_address_of(const struct elf *elf, uint64_t offset)
{
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(elf, i, &segment); i++)
		if (segment.type == SEGMENT_LOAD && offset >= segment.offset && offset - segment.offset < segment.size)
			return segment.address + (offset - segment.offset);
	return 0;
}

struct span elf_dynamic(const struct elf *elf)
{
	struct elf_segment segment;
	if (!elf_find_segment(elf, SEGMENT_DYNAMIC, &segment))
		return SPAN_NONE;
	return elf_segment_bytes(elf, &segment);
}

bool elf_next_dynamic(const struct elf *elf, struct span *rest, uint64_t *tag, uint64_t *value)
{
	struct cursor c = cursor_over_order(*rest, elf->big_endian);
	*tag = read_word(elf, &c);
	*value = read_word(elf, &c);
	*rest = span_from(*rest, c.at);
	return cursor_ok(&c) && *tag != DT_NULL;
}

bool elf_dynamic_value(const struct elf *elf, uint64_t tag, uint64_t *value)
{
	uint64_t found;
	for (struct span rest = elf_dynamic(elf); elf_next_dynamic(elf, &rest, &found, value);)
		if (found == tag)
			return true;
	return false;
}

struct span elf_dynamic_strings(const struct elf *elf)
{
	uint64_t address, size;
	if (!elf_dynamic_value(elf, DT_STRTAB, &address))
		return SPAN_NONE;
	struct span strings = elf_at_address(elf, address);
	return elf_dynamic_value(elf, DT_STRSZ, &size) ? span_slice(strings, 0, size) : strings;
}

/* Looks through one run of notes for the build id. */
static struct span build_id_in(const struct elf *elf, struct span notes, uint64_t alignment)
{
	struct cursor c = cursor_over_order(notes, elf->big_endian);
	while (cursor_left(&c) >= 12) {
		uint32_t name_size = cursor_u32(&c);
		uint32_t size = cursor_u32(&c);
		uint32_t type = cursor_u32(&c);
		struct span name = cursor_take(&c, name_size);
		cursor_align(&c, alignment == 8 ? 8 : 4);
		struct span value = cursor_take(&c, size);
		if (cursor_ok(&c) && type == NOTE_BUILD_ID && span_equal(name, SPAN_LITERAL("GNU\0")))
			return value;
		if (cursor_left(&c) > 0)
			cursor_align(&c, alignment == 8 ? 8 : 4);
	}
	return SPAN_NONE;
}

struct span elf_build_id(const struct elf *elf)
{
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(elf, i, &segment); i++) {
		if (segment.type != SEGMENT_NOTE)
			continue;
		struct span id = build_id_in(elf, elf_segment_bytes(elf, &segment), segment.alignment);
		if (id.size > 0)
			return id;
	}
	struct elf_section section;
	if (elf_find_section(elf, SECTION_NOTE, ".note.gnu.build-id", &section))
		return build_id_in(elf, elf_section_bytes(elf, &section), section.alignment);
	return SPAN_NONE;
}
