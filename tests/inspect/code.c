#include "harness.h"
#include "inspect/code.h"
#include "inspect/inspected.h"
#include "inspect/machine_code.h"

static enum code judge(const char *path, struct span bytes)
{
	bool part = path[0] != '/';
	struct entry entry = { .type = part ? ENTRY_PART : ENTRY_FILE };
	struct inspection file = {
		.name = span_basename(span_of_text(path)), .entry = &entry, .bytes = bytes, .kind = kind_of(SPAN_NONE, bytes),
	};
	if (part && file.kind == KIND_DATA)
		file.kind = KIND_PART;
	return code_of(&file);
}
#define JUDGE(path, text) judge((path), SPAN_LITERAL(text))

/* An object with nothing but a header, little-endian and of 32 bits. */
#define ELF_OF_TYPE(type) "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0" type "\0\x28\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

TEST(programs_and_scripts_are_code)
{
	CHECK_EQUAL(JUDGE("/bin/x", "#!/bin/sh\n"), CODE_SCRIPT);
	CHECK_EQUAL(JUDGE("/bin/x", "bFLT\0\0\0\4"), CODE_PROGRAM);
	CHECK_EQUAL(JUDGE("/bin/x", ELF_OF_TYPE("\2")), CODE_RAW);
}

TEST(what_quotes_others_is_none)
{
	CHECK_EQUAL(JUDGE("/var/log/messages", "Jan 1 U-Boot 1.1.3\n"), CODE_NONE);
	CHECK_EQUAL(JUDGE("/core", ELF_OF_TYPE("\4")), CODE_NONE);
	/* Formats that hold what they are given, code too. */
	CHECK_EQUAL(JUDGE("db", "SQLite format 3\0" INSPECTED_CODE), CODE_NONE);
	CHECK_EQUAL(JUDGE("log", "LPKSHHRH" INSPECTED_CODE), CODE_NONE);
	CHECK_EQUAL(JUDGE("ramoops", "DBGC\0\0\0\0\x10\0\0\0<6>Linux version 4.4.1\n\x80\x81\x82"), CODE_NONE);
	CHECK_EQUAL(JUDGE("/usr/share/x.mo", "\xde\x12\x04\x95\0\0\0\0"), CODE_NONE);
	CHECK_EQUAL(JUDGE("records", "FP\0\1\0\x0ahttpd 1.2.3\0\7ftpd 2.0\0"), CODE_NONE);
}

TEST(raw_bytes_of_a_file_need_a_sign_of_code)
{
	static const char noise[] = "\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\0\0\0\0\x91\x92\x93";
	CHECK_EQUAL(judge("/lib/firmware/x.bin", span_of(noise, sizeof noise)), CODE_NONE);
	CHECK_EQUAL(judge("0x0", span_of(noise, sizeof noise)), CODE_RAW);
	CHECK_EQUAL(JUDGE("/lib/firmware/x.bin", INSPECTED_CODE), CODE_RAW);
	CHECK_EQUAL(JUDGE("segment-0x3f400020", "v3.3\0hello world\0"), CODE_RAW);
	static uint8_t image[128];
	memcpy(image + 0x38, "ARM\x64", 4);
	CHECK_EQUAL(judge("/boot/Image", span_of(image, sizeof image)), CODE_RAW);
}

/* The same function ends for each machine, more often than chance has it. */
static const char *machine_of(const char *bytes, size_t size, int times)
{
	static char code[4096];
	memset(code, 0, sizeof code);
	for (int i = 0; i < times; i++)
		memcpy(code + 32 * i, bytes, size);
	struct machine_code found;
	return machine_code_find(span_of(code, sizeof code), &found) ? found.machine : NULL;
}
#define MACHINE(bytes, times) span_of_text(machine_of((bytes), sizeof(bytes) - 1, (times)))

TEST(knows_machines_by_how_functions_end)
{
	CHECK_TEXT(MACHINE("\x1e\xff\x2f\xe1", 4), "ARM");
	CHECK_TEXT(MACHINE("\x10\x80\xbd\xe8", 16), "ARM");
	CHECK_TEXT(MACHINE("\x10\xbd\x10\xb5", 16), "ARM");
	CHECK_TEXT(MACHINE("\xc0\x03\x5f\xd6", 4), "AArch64");
	CHECK_TEXT(MACHINE("\x03\xe0\0\x08", 4), "MIPS");
	CHECK_TEXT(MACHINE("\x4e\x80\0\x20", 4), "PowerPC");
	CHECK_TEXT(MACHINE("\x55\x48\x89\xe5", 4), "x86-64");
	CHECK_TEXT(MACHINE("\x36\x41\0", 16), "Xtensa");
	CHECK_TEXT(MACHINE("\x82\x80", 60), "RISC-V");
	/* Too few to be no chance, and not where an instruction may stand. */
	CHECK(!machine_of("\x1e\xff\x2f\xe1", 4, 2));
	CHECK(!machine_of("\x82\x80", 2, 20));
	CHECK(!machine_of("\0\x1e\xff\x2f\xe1", 5, 60));
}

TEST(noise_is_no_code)
{
	static uint8_t noise[1 << 20];
	uint32_t state = 1;
	for (size_t i = 0; i < sizeof noise; i++) {
		state = state * 1664525u + 1013904223u;
		noise[i] = (uint8_t)(state >> 24);
	}
	CHECK(!machine_code_find(span_of(noise, sizeof noise), NULL));
}

TEST(finds_code_in_real_loaders)
{
	const char *real = harness_corpus("dafang/escamg02/uboot.bin");
	if (!real)
		SKIP("the corpus is not here");
	static uint8_t bytes[1 << 20];
	FILE *file = fopen(real, "rb");
	REQUIRE(file);
	size_t size = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	struct machine_code found;
	REQUIRE(machine_code_find(span_of(bytes, size), &found));
	CHECK_TEXT(span_of_text(found.machine), "ARM");
	CHECK(!found.big_endian);
}

TESTS(programs_and_scripts_are_code, what_quotes_others_is_none, raw_bytes_of_a_file_need_a_sign_of_code,
      knows_machines_by_how_functions_end, noise_is_no_code, finds_code_in_real_loaders)
