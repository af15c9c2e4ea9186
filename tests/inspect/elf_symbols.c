#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

enum { DYNAMIC = 0x100, HASH = 0x200, RELOCATIONS = 0x300, SYMBOLS = 0x400, STRINGS = 0x600, SIZE = 0x800, TAGS_AT = 0x200 };
enum { DT_PLTRELSZ = 2, DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6, DT_RELA = 7, DT_RELASZ = 8, DT_STRSZ = 10,
       DT_REL = 17, DT_RELSZ = 18, DT_PLTREL = 20, DT_JMPREL = 23 };
#define DT_GNU_HASH 0x6ffffef5u

static uint8_t image[SIZE];
static size_t dynamic_at;

static void put(size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

static void tag(uint32_t name, uint32_t value)
{
	put(dynamic_at, name, 4), put(dynamic_at + 4, value, 4);
	dynamic_at += 8;
}

/* A little-endian 32-bit program for ARM at address 0 that imports four functions. */
static void build_of(const char *const *names, uint32_t strings)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	uint32_t string = 1;
	memset(image, 0, sizeof image);
	memcpy(image, head, sizeof head);
	put(16, 3, 2), put(18, 40, 2), put(20, 1, 4), put(28, 52, 4), put(40, 52, 2), put(42, 32, 2), put(44, 2, 2);
	put(52, 1, 4), put(52 + 16, SIZE, 4), put(52 + 20, SIZE, 4), put(52 + 24, 5, 4);
	put(84, 2, 4), put(84 + 4, DYNAMIC, 4), put(84 + 8, DYNAMIC, 4), put(84 + 16, 0x80, 4), put(84 + 20, 0x80, 4);
	for (uint32_t i = 0; i < 4; i++) {
		put(SYMBOLS + (i + 1) * 16, string, 4);
		put(SYMBOLS + (i + 1) * 16 + 12, 0x12, 1); /* global function */
		memcpy(image + strings + string, names[i], strlen(names[i]));
		string += (uint32_t)strlen(names[i]) + 1;
	}
	dynamic_at = DYNAMIC;
	tag(DT_STRTAB, strings), tag(DT_STRSZ, 0x100), tag(DT_SYMTAB, SYMBOLS);
}

static void build(uint32_t strings)
{
	static const char *const names[] = { "system", "rand", "__stack_chk_fail", "__sprintf_chk" };
	build_of(names, strings);
}

/* Nothing is exported: one empty bucket, and the first symbol that is hashed is number 1. */
static void add_empty_gnu_hash(void)
{
	put(HASH, 1, 4), put(HASH + 4, 1, 4), put(HASH + 8, 1, 4);
	tag(DT_GNU_HASH, HASH);
}

static void check_imports(const char *const *names, size_t count, bool canary)
{
	struct inspected got;
	inspected_run(&got, &inspector_elf, "/bin/x", span_of(image, sizeof image));
	const struct fact *row = inspected_row(&got, EVIDENCE_ELF, 0);
	REQUIRE(row);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_ELF_IMPORT), count);
	for (size_t i = 0; i < count; i++)
		CHECK(inspected_find(&got, EVIDENCE_ELF_IMPORT, ELF_IMPORT_NAME, names[i]));
	CHECK_EQUAL(inspected_integer(row, ELF_CANARY), canary ? 1 : INSPECTED_NULL);
	CHECK_EQUAL(inspected_integer(row, ELF_FORTIFY), canary ? 1 : INSPECTED_NULL);
	inspected_done(&got);
}

static const char *const both[] = { "system", "rand" };

TEST(counts_by_calls_where_nothing_is_exported)
{
	build(STRINGS);
	add_empty_gnu_hash();
	for (uint32_t i = 0; i < 4; i++)
		put(RELOCATIONS + i * 8 + 4, (i + 1) << 8 | 22, 4);
	tag(DT_JMPREL, RELOCATIONS), tag(DT_PLTRELSZ, 32), tag(DT_PLTREL, DT_REL);
	check_imports(both, 2, true);
}

TEST(counts_by_relocations_with_and_without_addends)
{
	build(STRINGS);
	add_empty_gnu_hash();
	put(RELOCATIONS + 4, 2 << 8 | 21, 4), put(RELOCATIONS + 8 + 4, 23, 4); /* rand, and one without a symbol */
	tag(DT_REL, RELOCATIONS), tag(DT_RELSZ, 16);
	check_imports(both, 2, false);
	build(STRINGS);
	add_empty_gnu_hash();
	put(RELOCATIONS + 12 + 4, 4 << 8 | 21, 4);
	tag(DT_RELA, RELOCATIONS), tag(DT_RELASZ, 24);
	check_imports(both, 2, true);
}

TEST(counts_by_the_section_header)
{
	build(STRINGS);
	add_empty_gnu_hash();
	put(32, TAGS_AT + 0x80, 4), put(46, 40, 2), put(48, 2, 2); /* two headers; the first stays empty */
	put(TAGS_AT + 0x80 + 40 + 4, 11, 4), put(TAGS_AT + 0x80 + 40 + 16, SYMBOLS, 4);
	put(TAGS_AT + 0x80 + 40 + 20, 5 * 16, 4);
	check_imports(both, 2, true);
}

/* A header or a relocation that lies is bounded by the strings that follow the table. */
TEST(never_counts_past_the_strings)
{
	build(SYMBOLS + 5 * 16);
	add_empty_gnu_hash();
	put(RELOCATIONS + 4, 0xffffffu << 8 | 21, 4);
	tag(DT_REL, RELOCATIONS), tag(DT_RELSZ, 8);
	check_imports(both, 2, true);
}

TEST(counts_by_the_strings_where_nothing_else_tells)
{
	build(SYMBOLS + 5 * 16);
	add_empty_gnu_hash();
	put(HASH + 4, 0, 4);
	check_imports(both, 2, true);
}

/* What the row says of a program that needs a library, if one is named, with its code. */
static void check_hardening(const char *const *names, const char *library, struct span code, int64_t canary, int64_t fortify)
{
	enum { LIBRARY = 0xf0, CODE = 0x700 };
	struct inspected got;
	build_of(names, STRINGS);
	put(HASH + 4, 5, 4); /* DT_HASH: five symbols */
	tag(DT_HASH, HASH);
	memcpy(image + STRINGS + LIBRARY, library, strlen(library));
	tag(1, LIBRARY);
	memcpy(image + CODE, code.data, code.size);
	inspected_run(&got, &inspector_elf, "/bin/x", span_of(image, sizeof image));
	const struct fact *row = inspected_row(&got, EVIDENCE_ELF, 0);
	REQUIRE(row);
	CHECK_EQUAL(inspected_integer(row, ELF_CANARY), canary);
	CHECK_EQUAL(inspected_integer(row, ELF_FORTIFY), fortify);
	inspected_done(&got);
}

/* musl checks in its headers and leaves no name behind: nothing is claimed of it. */
TEST(claims_no_fortification_where_it_leaves_no_trace)
{
	static const char *const plain[] = { "printf", "malloc", "free", "exit" };
	static const char *const checked[] = { "printf", "__memcpy_chk", "free", "exit" };
	static const char *const others[] = { "printf", "__longjmp_chk", "__stack_chk", "exit" };
	check_hardening(plain, "libc.so.6", SPAN_LITERAL("\0"), INSPECTED_NULL, 0);
	check_hardening(plain, "libc.so.0", SPAN_LITERAL("\0"), INSPECTED_NULL, 0);
	check_hardening(plain, "libc.so", SPAN_LITERAL("\0"), INSPECTED_NULL, INSPECTED_NULL);
	check_hardening(plain, "libc.musl-armhf.so.1", SPAN_LITERAL("\0"), INSPECTED_NULL, INSPECTED_NULL);
	check_hardening(others, "libc.so.6", SPAN_LITERAL("\0"), INSPECTED_NULL, 0);
	check_hardening(checked, "libc.so", SPAN_LITERAL("\0"), INSPECTED_NULL, 1); /* bionic */
}

/* add r0, sp, #4; bl: a buffer in its frame goes to whom it calls. */
TEST(knows_small_programs_that_need_a_canary)
{
	static const char *const writers[] = { "strcpy", "sprintf", "system", "exit" };
	static const char *const one[] = { "strcpy", "rand", "system", "exit" };
	static const char *const guard[] = { "strcpy", "sprintf", "__stack_chk_guard", "exit" };
	struct span frame = SPAN_LITERAL("\x04\x00\x8d\xe2\x10\xff\xff\xeb");
	struct span prologue = SPAN_LITERAL("\x04\xb0\x8d\xe2\x10\xff\xff\xeb"); /* add fp, sp, #4 */
	check_hardening(writers, "libc.so.6", frame, 0, INSPECTED_NULL);
	check_hardening(writers, "libc.so.6", prologue, INSPECTED_NULL, INSPECTED_NULL);
	check_hardening(one, "libc.so.6", frame, INSPECTED_NULL, INSPECTED_NULL);
	check_hardening(guard, "libc.so.6", frame, 1, INSPECTED_NULL);
}

TESTS(claims_no_fortification_where_it_leaves_no_trace, knows_small_programs_that_need_a_canary,
      counts_by_calls_where_nothing_is_exported, counts_by_relocations_with_and_without_addends,
      counts_by_the_section_header, never_counts_past_the_strings, counts_by_the_strings_where_nothing_else_tells)
