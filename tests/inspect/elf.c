#define _DEFAULT_SOURCE /* readlink, popen */
#include <unistd.h>

#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

#define ELF_CORPUS "elf-multiarch/src/plugins/analysis/"
#define MITIGATIONS ELF_CORPUS "exploit_mitigations/test/data/"

/* The elf row of a corpus file; leaves the case where there is none. */
#define INSPECT_CORPUS(inspected, row, file)                                           \
	const char *real = harness_corpus(file);                                       \
	if (!real)                                                                     \
		SKIP("the corpus is not here");                                        \
	struct inspected inspected;                                                    \
	REQUIRE(inspected_run_file(&inspected, &inspector_elf, "/bin/program", real)); \
	const struct fact *row = inspected_row(&inspected, EVIDENCE_ELF, 0);           \
	REQUIRE(row)

TEST(reads_a_hardened_program)
{
	INSPECT_CORPUS(inspected, row, MITIGATIONS "Hallo_Canary");
	CHECK_EQUAL(inspected_integer(row, ELF_CLASS), 64);
	CHECK_TEXT(inspected_text(row, ELF_MACHINE), "x86-64");
	CHECK_TEXT(inspected_text(row, ELF_TYPE), "executable");
	CHECK_TEXT(inspected_text(row, ELF_INTERPRETER), "/lib64/ld-linux-x86-64.so.2");
	CHECK_EQUAL(inspected_integer(row, ELF_CANARY), 1);
	CHECK_EQUAL(inspected_integer(row, ELF_PIE), 1);
	CHECK_EQUAL(inspected_integer(row, ELF_NX), 1);
	CHECK(inspected_find(&inspected, EVIDENCE_ELF_LIBRARY, ELF_LIBRARY_NAME, "libc.so.6"));
	inspected_done(&inspected);
}

TEST(reads_a_program_at_a_fixed_address)
{
	INSPECT_CORPUS(inspected, row, MITIGATIONS "Hallo_no_pie");
	CHECK_EQUAL(inspected_integer(row, ELF_PIE), 0);
	inspected_done(&inspected);
}

TEST(tells_a_library_and_an_object)
{
	INSPECT_CORPUS(inspected, row, MITIGATIONS "Hallo.so");
	CHECK_TEXT(inspected_text(row, ELF_TYPE), "shared library");
	inspected_done(&inspected);

	real = harness_corpus(MITIGATIONS "Hallo.o");
	REQUIRE(real && inspected_run_file(&inspected, &inspector_elf, "/a.o", real));
	row = inspected_row(&inspected, EVIDENCE_ELF, 0);
	CHECK_TEXT(inspected_text(row, ELF_TYPE), "relocatable");
	CHECK_EQUAL(inspected_integer(row, ELF_PIE), INSPECTED_NULL);
	CHECK_EQUAL(inspected_integer(row, ELF_NX), INSPECTED_NULL);
	CHECK_TEXT(inspected_text(row, ELF_RELRO), "");
	inspected_done(&inspected);
}

static const char *type_of_interpreted(const char *path)
{
	static char type[32];
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	uint8_t object[128] = { 0 };
	struct inspected inspected;
	memcpy(object, head, sizeof head);
	object[16] = 3, object[18] = 8, object[20] = 1, object[28] = 52, object[40] = 52, object[42] = 32, object[44] = 1;
	object[52] = 3, object[52 + 4] = 84, object[52 + 16] = 15; /* PT_INTERP */
	memcpy(object + 84, "/lib/ld.so.0123", 15);
	inspected_run(&inspected, &inspector_elf, path, span_of(object, sizeof object));
	struct span text = inspected_text(inspected_row(&inspected, EVIDENCE_ELF, 0), ELF_TYPE);
	(void)snprintf(type, sizeof type, "%.*s", SPAN_FORMAT(text));
	inspected_done(&inspected);
	return type;
}

/* Old linkers let libraries ask for a loader: 45 libraries and programs are not 45 programs. */
TEST(a_library_that_asks_for_a_loader_is_no_program)
{
	CHECK_TEXT(span_of_text(type_of_interpreted("/bin/agent")), "executable");
	CHECK_TEXT(span_of_text(type_of_interpreted("/lib/libnsl-0.9.30.so")), "shared library");
	CHECK_TEXT(span_of_text(type_of_interpreted("/lib/libcrypt.so.0")), "shared library");
}

TEST(reads_search_paths)
{
	INSPECT_CORPUS(inspected, row, MITIGATIONS "Hallo_rpath");
	CHECK(inspected_text(row, ELF_RPATH).size > 0);
	CHECK_EQUAL(inspected_text(row, ELF_RUNPATH).size, 0);
	inspected_done(&inspected);

	real = harness_corpus(MITIGATIONS "Hallo_runpath");
	REQUIRE(real && inspected_run_file(&inspected, &inspector_elf, "/bin/program", real));
	row = inspected_row(&inspected, EVIDENCE_ELF, 0);
	CHECK(inspected_text(row, ELF_RUNPATH).size > 0);
	inspected_done(&inspected);
}

TEST(judges_static_programs_fairly)
{
	INSPECT_CORPUS(inspected, row, "busybox-truth/baseImage/busybox/1.31.0/busybox-mips");
	CHECK_TEXT(inspected_text(row, ELF_MACHINE), "MIPS");
	CHECK_TEXT(inspected_text(row, ELF_BYTE_ORDER), "big");
	CHECK_EQUAL(inspected_integer(row, ELF_STATIC), 1);
	CHECK_EQUAL(inspected_integer(row, ELF_STRIPPED), 1);
	CHECK_EQUAL(inspected_integer(row, ELF_CANARY), INSPECTED_NULL);
	CHECK_TEXT(inspected_text(row, ELF_RELRO), "");
	inspected_done(&inspected);
}

/* Without section headers, as embedded tool chains cut them off: everything must come from the program headers. */
TEST(needs_no_section_headers)
{
	const char *real = harness_corpus(MITIGATIONS "Hallo_Canary");
	if (!real)
		SKIP("the corpus is not here");
	static uint8_t copy[1 << 16];
	FILE *file = fopen(real, "rb");
	REQUIRE(file);
	size_t size = fread(copy, 1, sizeof copy, file);
	fclose(file);
	memset(copy + 40, 0, 8);  /* section header offset */
	memset(copy + 58, 0, 6);  /* their size, count, names */

	struct inspected inspected;
	inspected_run(&inspected, &inspector_elf, "/bin/program", span_of(copy, size));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_ELF, 0);
	CHECK_EQUAL(inspected_integer(row, ELF_CANARY), 1);
	CHECK_EQUAL(inspected_integer(row, ELF_STRIPPED), 1);
	CHECK(inspected_find(&inspected, EVIDENCE_ELF_LIBRARY, ELF_LIBRARY_NAME, "libc.so.6"));
	inspected_done(&inspected);
}

/* A big-endian 32-bit MIPS program with nothing but a load segment: the stack's right is the kernel's default. */
static const uint8_t bare_mips[] = {
	0x7f, 'E', 'L', 'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 8, 0, 0, 0, 1, /* ident, type, machine */
	0, 0x40, 0, 0, 0, 0, 0, 52, 0, 0, 0, 0, 0, 0, 0, 0, 0, 52, 0, 32, 0, 1, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 1, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 84, 0, 0, 0, 84, 0, 0, 0, 5, 0, 0, 0, 4,
};

TEST(knows_default_stacks)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_elf, "part", span_of(bare_mips, sizeof bare_mips));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_ELF, 0);
	CHECK_EQUAL(inspected_integer(row, ELF_STATIC), 1);
	CHECK_EQUAL(inspected_integer(row, ELF_PIE), 0);
	CHECK_EQUAL(inspected_integer(row, ELF_NX), INSPECTED_NULL); /* no one may execute a part */
	inspected_done(&inspected);
}

TEST(survives_cuts_and_flips)
{
	const char *real = harness_corpus(MITIGATIONS "Hallo.out");
	if (!real)
		SKIP("the corpus is not here");
	static uint8_t original[1 << 16], copy[1 << 16];
	FILE *file = fopen(real, "rb");
	REQUIRE(file);
	size_t size = fread(original, 1, sizeof original, file);
	fclose(file);
	struct inspected inspected;
	for (size_t cut = 4; cut < size; cut += 97) {
		inspected_run(&inspected, &inspector_elf, "/a", span_of(original, cut));
		if (cut < 40)
			CHECK(inspected_noted(&inspected, "elf.bad-header"));
		inspected_done(&inspected);
	}
	for (size_t at = 16; at < 4096 && at < size; at++) {
		memcpy(copy, original, size);
		copy[at] ^= 0xff;
		inspected_run(&inspected, &inspector_elf, "/a", span_of(copy, size));
		inspected_done(&inspected);
	}
}

/* What readelf says of this very program. */
TEST(agrees_with_readelf)
{
	char path[512], command[700], line[256];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	REQUIRE(length > 0);
	path[length] = 0;
	snprintf(command, sizeof command, "readelf -nW '%s' 2>/dev/null", path);
	char id[128] = "";
	FILE *pipe = popen(command, "r");
	REQUIRE(pipe);
	while (fgets(line, sizeof line, pipe)) {
		const char *told = strstr(line, "Build ID: ");
		if (told)
			(void)sscanf(told, "Build ID: %127[0-9a-f]", id);
	}
	pclose(pipe);
	if (!*id)
		SKIP("readelf is not here, or there is no build id");
	struct inspected inspected;
	REQUIRE(inspected_run_file(&inspected, &inspector_elf, "/bin/test", path));
	CHECK_TEXT(inspected_text(inspected_row(&inspected, EVIDENCE_ELF, 0), ELF_BUILD_ID), id);
	inspected_done(&inspected);
}

TESTS(reads_a_hardened_program, reads_a_program_at_a_fixed_address, tells_a_library_and_an_object,
      a_library_that_asks_for_a_loader_is_no_program,
      reads_search_paths, judges_static_programs_fairly, needs_no_section_headers, knows_default_stacks,
      survives_cuts_and_flips, agrees_with_readelf)
