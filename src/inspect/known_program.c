/* Where programs end: ELF (System V gABI), PE/COFF (Microsoft), Mach-O (Apple). */
#include "base/cursor.h"
#include "inspect/known.h"

enum { ELF_HEADER = 64, SECTION_WITHOUT_BYTES = 8, TABLE_MOST = 65535 };

static void reach(uint64_t *end, uint64_t offset, uint64_t size)
{
	if (size > 0 && offset <= UINT64_MAX - size && offset + size > *end)
		*end = offset + size;
}

/* An address of the class of the object. */
static uint64_t elf_word(struct cursor *c, bool wide)
{
	return wide ? cursor_u64(c) : cursor_u32(c);
}

/* Bytes that one entry of the program headers (or section headers) takes in the file. */
static void elf_reach(struct span bytes, bool big, bool wide, uint64_t at, bool section, uint64_t *end)
{
	struct cursor c = cursor_over_order(span_from(bytes, at), big);
	uint32_t first = cursor_u32(&c), second = cursor_u32(&c);
	if (section) {
		(void)elf_word(&c, wide); /* flags */
		(void)elf_word(&c, wide); /* address */
	}
	uint64_t offset = section || wide ? elf_word(&c, wide) : second;
	if (!section) {
		(void)elf_word(&c, wide); /* addresses */
		(void)elf_word(&c, wide);
	}
	uint64_t size = elf_word(&c, wide);
	if (cursor_ok(&c) && !(section && second == SECTION_WITHOUT_BYTES) && (section || first != 0))
		reach(end, offset, size);
}

uint64_t known_end_of_elf(struct span bytes)
{
	bool wide = span_byte(bytes, 4) == 2, big = span_byte(bytes, 5) == 2;
	struct cursor c = cursor_over_order(bytes, big);
	cursor_skip(&c, 16 + 8 + (wide ? 8 : 4));
	uint64_t programs = elf_word(&c, wide), sections = elf_word(&c, wide), end = 0;
	cursor_skip(&c, 4);
	uint16_t header = cursor_u16(&c);
	uint16_t program_size = cursor_u16(&c), program_count = cursor_u16(&c);
	uint16_t section_size = cursor_u16(&c), section_count = cursor_u16(&c);
	if (!cursor_ok(&c) || header > ELF_HEADER || (program_count == 0 && section_count == 0))
		return 0;
	reach(&end, 0, header);
	reach(&end, programs, (uint64_t)program_size * program_count);
	reach(&end, sections, (uint64_t)section_size * section_count);
	for (uint32_t i = 0; i < program_count; i++)
		elf_reach(bytes, big, wide, programs + (uint64_t)i * program_size, false, &end);
	for (uint32_t i = 0; i < section_count; i++)
		elf_reach(bytes, big, wide, sections + (uint64_t)i * section_size, true, &end);
	return end;
}

uint64_t known_end_of_pe(struct span bytes)
{
	enum { TO_SECTIONS = 24, SECTION = 40, SECTIONS_MOST = 96, WIDE = 0x20b, CERTIFICATES_AT = 128, WIDER = 16 };
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, 0x3c);
	uint32_t at = cursor_u32le(&c);
	if (!span_has_at(bytes, at, SPAN_LITERAL("PE\0\0")))
		return 0;
	cursor_seek(&c, (uint64_t)at + 6);
	uint16_t count = cursor_u16le(&c);
	cursor_skip(&c, 12);
	uint16_t optional = cursor_u16le(&c);
	cursor_skip(&c, 2);
	bool wide = cursor_u16le(&c) == WIDE;
	uint64_t table = (uint64_t)at + TO_SECTIONS + optional, end = table + (uint64_t)count * SECTION;
	if (!cursor_ok(&c) || count > SECTIONS_MOST)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		cursor_seek(&c, table + (uint64_t)i * SECTION + 16);
		uint32_t size = cursor_u32le(&c);
		reach(&end, cursor_u32le(&c), size);
	}
	cursor_seek(&c, (uint64_t)at + TO_SECTIONS + CERTIFICATES_AT + (wide ? WIDER : 0));
	uint32_t certificates = cursor_u32le(&c);
	reach(&end, certificates, cursor_u32le(&c));
	return end;
}

/* One architecture: the segments that its load commands name. */
static uint64_t mach_one(struct span bytes)
{
	enum { SEGMENT = 0x1, SEGMENT_64 = 0x19, COMMANDS_MOST = 4096 };
	bool big = span_byte(bytes, 0) == 0xfe;
	bool wide = span_byte(bytes, big ? 3 : 0) == 0xcf;
	struct cursor c = cursor_over_order(bytes, big);
	cursor_skip(&c, 16);
	uint32_t count = cursor_u32(&c), size_of_commands = cursor_u32(&c);
	uint64_t at = wide ? 32 : 28, end = at + size_of_commands;
	if (count == 0 || count > COMMANDS_MOST || !span_covers(bytes, at, size_of_commands))
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		cursor_seek(&c, at);
		uint32_t command = cursor_u32(&c), size = cursor_u32(&c);
		if (!cursor_ok(&c) || size < 8)
			return 0;
		if (command == SEGMENT || command == SEGMENT_64) {
			cursor_seek(&c, at + 24);
			(void)elf_word(&c, command == SEGMENT_64);
			(void)elf_word(&c, command == SEGMENT_64);
			uint64_t offset = elf_word(&c, command == SEGMENT_64);
			reach(&end, offset, elf_word(&c, command == SEGMENT_64));
		}
		at += size;
	}
	return end;
}

uint64_t known_end_of_mach(struct span bytes)
{
	enum { ARCHITECTURES_MOST = 30, ENTRY = 20 };
	struct cursor c = cursor_over_order(bytes, true);
	if (cursor_u32(&c) != 0xcafebabe)
		return mach_one(bytes);
	uint32_t count = cursor_u32(&c);
	uint64_t end = 0;
	if (count == 0 || count > ARCHITECTURES_MOST)
		return 0;
	for (uint32_t i = 0; i < count; i++) {
		cursor_seek(&c, 8 + (uint64_t)i * ENTRY + 8);
		uint32_t offset = cursor_u32(&c);
		reach(&end, offset, cursor_u32(&c));
	}
	return end;
}
