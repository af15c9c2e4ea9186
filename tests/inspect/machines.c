/* Which machine an image is for: what it runs, not what lies about in it. */
#include "evidence/query.h"
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

/* A bFLT program whose instructions end functions as a Thumb compiler does. */
static void build(uint8_t *bytes, size_t size)
{
	memset(bytes, 0, size);
	memcpy(bytes, "bFLT\0\0\0\4\0\0\0\x45\0\0\2\0", 16); /* version, entry in Thumb mode, start of data */
	for (size_t at = 64; at + 32 <= 512; at += 24)
		memcpy(bytes + at, "\x10\xbd\x10\xb5", 4);
}

TEST(reads_a_flat_program)
{
	static uint8_t bytes[1024];
	struct inspected inspected;
	build(bytes, sizeof bytes);
	inspected_run(&inspected, &inspector_flat_program, "/bin/busybox", span_of(bytes, sizeof bytes));
	const struct fact *row = inspected_row(&inspected, EVIDENCE_FLAT_PROGRAM, 0);
	CHECK_TEXT(inspected_text(row, FLAT_PROGRAM_MACHINE), "ARM");
	CHECK_TEXT(inspected_text(row, FLAT_PROGRAM_BYTE_ORDER), "little");
	CHECK_EQUAL(inspected_integer(row, FLAT_PROGRAM_VERSION), 4);
	inspected_done(&inspected);

	memset(bytes + 64, 0x55, 448); /* no instructions that are known */
	inspected_run(&inspected, &inspector_flat_program, "/bin/busybox", span_of(bytes, sizeof bytes));
	CHECK_EQUAL(inspected_text(inspected_row(&inspected, EVIDENCE_FLAT_PROGRAM, 0), FLAT_PROGRAM_MACHINE).size, 0);
	inspected_done(&inspected);
	for (size_t size = 0; size < 40; size++) {
		inspected_run(&inspected, &inspector_flat_program, "/bin/busybox", span_of(bytes, size));
		CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_FLAT_PROGRAM), 0);
		inspected_done(&inspected);
	}
}

static struct evidence *evidence;

static bool run(const char *sql)
{
	return query_run(evidence_database(evidence), sql) == DONE;
}

static const char *machine_of_image(void)
{
	static char words[64];
	struct query query = query_start(evidence_database(evidence),
					 "SELECT name FROM machine ORDER BY weight DESC, name LIMIT 1");
	snprintf(words, sizeof words, "%s", query_next(&query) ? query_string(&query, 0) : "");
	CHECK_EQUAL(query_end(&query), DONE);
	return words;
}

#define ELF(file, machine, type, interpreter)                                                                         \
	"INSERT INTO elf (file, class, byte_order, machine, type, interpreter, static, stripped) VALUES (" file ", 32," \
	" 'little', '" machine "', '" type "', " interpreter ", 0, 1);"

static bool begin(void)
{
	return evidence_new(&evidence) == DONE &&
	       run("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
		   "INSERT INTO file (id, volume, path, type, size, state, mode, kind) VALUES"
		   " (1, 1, '/bin/busybox', 'file', 1, 'read', 493, 'elf'),"
		   " (2, 1, '/usr/bin/genkey', 'file', 1, 'read', 493, 'elf'),"
		   " (3, 1, '/usr/bin/mkfs', 'file', 1, 'read', 493, 'elf'),"
		   " (4, 1, '/lib/ld-uClibc.so.0', 'file', 1, 'read', 493, 'elf'),"
		   " (5, 1, '/lib/firmware/dsp.bin', 'file', 1, 'read', 420, 'elf'),"
		   " (6, 1, '/lib/firmware/mcu.bin', 'file', 1, 'read', 420, 'elf')");
}

TEST(programs_of_the_maker_s_computer_do_not_count)
{
	REQUIRE(begin());
	CHECK(run(ELF("1", "MIPS", "executable", "'/lib/ld-uClibc.so.0'")
		  ELF("2", "x86-64", "executable", "'/lib64/ld-linux-x86-64.so.2'")
		  ELF("3", "x86-64", "executable", "'/lib64/ld-linux-x86-64.so.2'")
		  ELF("5", "Xtensa", "executable", "NULL") ELF("6", "Xtensa", "executable", "NULL")));
	CHECK_EQUAL(inspector_machines.conclude(evidence), DONE);
	CHECK_TEXT(span_of_text(machine_of_image()), "MIPS");
	evidence_free(evidence);
}

TEST(what_is_started_weighs_most)
{
	REQUIRE(begin());
	CHECK(run(ELF("3", "ARM", "executable", "NULL") ELF("2", "x86", "executable", "NULL") ELF("5", "x86", "executable", "NULL")));
	CHECK_EQUAL(inspector_machines.conclude(evidence), DONE);
	CHECK_TEXT(span_of_text(machine_of_image()), "x86");
	CHECK(run("INSERT INTO service (file, name, starter, program_file) VALUES (4, 'x', 'rc script', 3)"));
	CHECK_EQUAL(inspector_machines.conclude(evidence), DONE);
	CHECK_TEXT(span_of_text(machine_of_image()), "ARM");
	evidence_free(evidence);
}

/* A root without its libraries, as an image of one partition has it, beside tools of the maker's computer. */
TEST(the_shell_weighs_most_where_no_loader_is_there)
{
	REQUIRE(begin());
	CHECK(run(ELF("1", "ARM", "executable", "'/lib/ld-linux.so.3'")
		  ELF("2", "x86-64", "executable", "'/lib64/ld-linux-x86-64.so.2'")
		  ELF("3", "x86-64", "executable", "'/lib64/ld-linux-x86-64.so.2'")));
	CHECK_EQUAL(inspector_machines.conclude(evidence), DONE);
	CHECK_TEXT(span_of_text(machine_of_image()), "ARM");
	evidence_free(evidence);
}

TEST(flat_programs_count)
{
	REQUIRE(begin());
	CHECK(run("INSERT INTO flat_program VALUES (1, 4, 'ARM', 'little', 0), (3, 4, NULL, NULL, 0);"
		  ELF("2", "x86-64", "executable", "'/lib64/ld-linux-x86-64.so.2'")));
	CHECK_EQUAL(inspector_machines.conclude(evidence), DONE);
	CHECK_TEXT(span_of_text(machine_of_image()), "ARM");
	evidence_free(evidence);
}

TESTS(reads_a_flat_program, programs_of_the_maker_s_computer_do_not_count, what_is_started_weighs_most,
      the_shell_weighs_most_where_no_loader_is_there, flat_programs_count)
