/* Whether what is started is there: the program, and the loader that Linux needs to start it. */
#include "evidence/query.h"
#include "harness.h"
#include "inspect/inspector.h"
#include "inspect/services.h"

static int64_t number(struct evidence *evidence, const char *sql)
{
	return query_number(evidence_database(evidence), sql);
}

/* A root with a shell at a console and telnetd in a script, both BusyBox; then what else there is. */
static struct evidence *root_with(const char *more)
{
	struct evidence *evidence = NULL;
	if (evidence_new(&evidence) != DONE)
		return NULL;
	CHECK(query_run(evidence_database(evidence),
			"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
			"INSERT INTO file (id, volume, path, type, size, state, target) VALUES"
			" (1, 1, '/etc/inittab', 'file', 9, 'read', NULL), (2, 1, '/sbin/init', 'file', 9, 'read', NULL),"
			" (3, 1, '/bin/busybox', 'file', 9, 'read', NULL), (4, 1, '/etc/init.d/rcS', 'file', 9, 'read', NULL),"
			" (5, 1, '/usr/sbin/telnetd', 'link', 9, 'read', '../../bin/busybox'),"
			" (6, 1, '/lib/modules/a.ko', 'file', 9, 'read', NULL);"
			"INSERT INTO elf (file, class, byte_order, machine, type, static, stripped, interpreter) VALUES"
			" (3, 32, 'little', 'MIPS', 'executable', 0, 1, '/lib/ld-uClibc.so.0');"
			"INSERT INTO console (file, line, device, program, runs, authenticated) VALUES (1, 2, 'ttyS0', 'exec /bin/sh -l',"
			" '/bin/sh', 0);"
			"INSERT INTO service (file, line, name, program, starter) VALUES (4, 2, 'telnetd', '/usr/sbin/telnetd',"
			" 'rc script')") == DONE);
	CHECK(query_run(evidence_database(evidence), more) == DONE);
	return evidence;
}

static void check(const char *more, int64_t at_console, int64_t in_script)
{
	struct evidence *evidence = root_with(more);
	REQUIRE(evidence);
	CHECK(services_find_programs(evidence_database(evidence)) == DONE);
	int64_t console = number(evidence, "SELECT ifnull(program_present, -1) FROM console");
	int64_t service = number(evidence, "SELECT ifnull(program_present, -1) FROM service");
	if (console != at_console || service != in_script)
		harness_fail(__FILE__, __LINE__, "%s: %d at the console, %d in the script", more, (int)console, (int)service);
	evidence_free(evidence);
}

#define FILE_SQL(path, type, target)                                                                                 \
	"INSERT INTO file (volume, path, type, size, state, target) VALUES (1, '" path "', '" type "', 9, 'read', '" target "');"

TEST(needs_the_program_and_its_loader)
{
	check(FILE_SQL("/bin/sh", "link", "busybox") FILE_SQL("/lib/ld-uClibc.so.0", "file", ""), 1, 1);
	check(FILE_SQL("/lib/ld-uClibc.so.0", "file", ""), 0, 1);
	check(FILE_SQL("/bin/sh", "link", "busybox"), 0, 0);
	check("SELECT 1", 0, 0);
	/* A program that needs no loader, and a loader that a script may put in place. */
	check(FILE_SQL("/bin/sh", "link", "busybox") "UPDATE elf SET interpreter = NULL", 1, 1);
	check(FILE_SQL("/bin/sh", "link", "busybox") FILE_SQL("/opt/lib/ld-uClibc.so.0", "file", ""), 1, 1);
}

TEST(leaves_open_what_was_not_listed)
{
	check("UPDATE volume SET state = 'partial'", -1, 1);
	check(FILE_SQL("/bin/sh", "link", "busybox") "DELETE FROM file WHERE id = 6;" FILE_SQL("/lib", "directory", ""), 1, 1);
	check(FILE_SQL("/bin/sh", "link", "busybox")
	      "INSERT INTO incomplete (volume, missing, cause, code, detail) VALUES (1, 'entries', 'damage', 'x', 'y')", 1, 1);
}

TESTS(needs_the_program_and_its_loader, leaves_open_what_was_not_listed)
