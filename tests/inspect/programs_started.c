#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

enum { SYMBOLS = 0x200, HASH = 0x300, STRINGS = 0x400, TEXT = 0x500, SIZE = 0x1000, DYNAMIC = 0x100 };

static uint8_t image[SIZE];
static struct inspected got;

static void put(size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

/* A little-endian 32-bit program that imports one function and holds these bytes. */
static void run(const char *function, const void *text, size_t size)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	memset(image, 0, sizeof image);
	memcpy(image, head, sizeof head);
	put(16, 2, 2), put(18, 8, 2), put(20, 1, 4), put(28, 52, 4), put(40, 52, 2), put(42, 32, 2), put(44, 2, 2);
	put(52, 1, 4), put(52 + 16, SIZE, 4), put(52 + 20, SIZE, 4);
	put(84, 2, 4), put(84 + 4, DYNAMIC, 4), put(84 + 8, DYNAMIC, 4), put(84 + 16, 48, 4), put(84 + 20, 48, 4);
	put(SYMBOLS + 16, 1, 4), put(SYMBOLS + 28, 0x12, 1);
	memcpy(image + STRINGS + 1, function, strlen(function));
	put(HASH, 1, 4), put(HASH + 4, 2, 4);
	const uint32_t dynamic[] = { 5, STRINGS, 6, SYMBOLS, 4, HASH, 10, TEXT - STRINGS, 0, 0 };
	for (size_t i = 0; i < sizeof dynamic / sizeof *dynamic; i++)
		put(DYNAMIC + i * 4, dynamic[i], 4);
	memcpy(image + TEXT, text, size);
	inspected_run(&got, &inspector_programs_started, "/bin/cos", span_of(image, sizeof image));
}
#define RUN(function, text) run((function), (text), sizeof(text))

static const struct fact *row(const char *name)
{
	return inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, name);
}

TEST(reads_commands_of_a_program)
{
	RUN("system", "\0telnetd -l /bin/sh &\0cd /tmp; /usr/sbin/httpd -p 8080 -h %s\0dropbear -p %d -r %s\0");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 3);
	CHECK_TEXT(inspected_text(row("telnetd"), SERVICE_STARTER), "program");
	CHECK_TEXT(inspected_text(row("telnetd"), SERVICE_ARGUMENTS), "-l /bin/sh");
	CHECK_EQUAL(inspected_integer(row("telnetd"), SERVICE_OFFSET), TEXT + 1);
	CHECK_EQUAL(inspected_integer(row("telnetd"), SERVICE_ENABLED), INSPECTED_NULL);
	CHECK_EQUAL(inspected_integer(row("httpd"), SERVICE_PORT), 8080);
	CHECK_TEXT(inspected_text(row("dropbear"), SERVICE_PORT_SOURCE), "default");
	inspected_done(&got);
}

TEST(takes_no_sentence_for_a_command)
{
	RUN("system", "\0telnetd is running\0killall telnetd\0telnetd: bad option\0dropbear - the server\0pidof httpd\0"
		      "pppd %s started by %s\0/usr/sbin/%s -p 1\0");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 0);
	inspected_done(&got);
}

TEST(who_runs_no_commands_starts_nothing)
{
	RUN("printf", "\0telnetd -l /bin/sh &\0");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 0);
	inspected_done(&got);
}

TEST(a_bare_name_is_told_as_one)
{
	RUN("execvp", "\0httpd\0mount\0vendord\0two words\0abc\0%s.conf\0/usr/bin/own_server\0/etc/config\0");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 3);
	CHECK_EQUAL(inspected_integer(row("vendord"), SERVICE_OFFSET), TEXT + 13);
	CHECK_TEXT(inspected_text(row("own_server"), SERVICE_PROGRAM), "/usr/bin/own_server");
	CHECK_TEXT(inspected_text(row("httpd"), SERVICE_WHY), "named in a program that runs commands");
	inspected_done(&got);
}

/* rcS starts cos; cos names tmpd (waits for packets), helper (opens no socket), sh (an applet), words, and what is nowhere. */
static const char monolith[] =
	"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
	"INSERT INTO file (id, volume, path, type, size, kind, state) VALUES (1, 1, '/etc/init.d/rcS', 'file', 1, 'script', 'read'),"
	" (2, 1, '/bin/cos', 'file', 1, 'elf', 'read'), (3, 1, '/usr/bin/tmp_server', 'file', 1, 'elf', 'read'),"
	" (4, 1, '/bin/helper', 'file', 1, 'elf', 'read'), (5, 1, '/bin/busybox', 'file', 1, 'elf', 'read'),"
	" (6, 1, '/bin/cli', 'file', 1, 'elf', 'read'), (7, 1, '/lib/word', 'file', 1, 'elf', 'read'),"
	" (8, 1, '/bin/udpsrv', 'file', 1, 'elf', 'read'), (9, 1, '/www/cgi-bin/dbg', 'file', 1, 'elf', 'read');"
	"INSERT INTO service (file, name, program, protocol, starter, offset) VALUES (9, 'telnetd', '/usr/bin/tmp_server', 'telnet',"
	" 'program', 5), (6, 'ftpd', '/usr/bin/tmp_server', 'ftp', 'program', 5);"
	"INSERT INTO applet (file, name) VALUES (5, 'sh'), (5, 'busybox');"
	"INSERT INTO elf_import (file, name, class) VALUES (3, 'bind', 'network'), (3, 'recvfrom', 'network'), (3, 'htonl',"
	" 'network'), (7, 'socket', 'network'), (8, 'bind', 'network'), (8, 'recvfrom', 'network'), (8, 'htonl', 'network');"
	"INSERT INTO service (file, line, name, program, starter, enabled) VALUES (1, 2, 'cos', '/bin/cos', 'rc script', 1),"
	" (1, 3, 'udpsrv', '/bin/udpsrv', 'rc script', 1);"
	"INSERT INTO service (file, name, program, starter, why, offset) SELECT 2, column1, column1, 'program',"
	" 'named in a program that runs commands', 9 FROM (VALUES ('tmp_server'), ('helper'), ('busybox'), ('word'), ('gone'),"
	" ('cos'));"
	"INSERT INTO service (file, name, program, starter, why, offset) VALUES (6, 'tmp_server', 'tmp_server', 'program',"
	" 'named in a program that runs commands', 9)";

TEST(names_of_programs_that_nobody_knows)
{
	struct evidence *evidence = inspected_concluded(&inspector_services, monolith);
	REQUIRE(evidence);
	sqlite3 *database = evidence_database(evidence);
	/* A web server runs what lies in cgi-bin. */
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE starter = 'program'"), 2);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE file = 9"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name = 'tmp_server' AND file = 2 AND enabled IS NULL"
				 " AND listens IS NULL AND why GLOB 'named in *; imports bind and recvfrom*'"), 1);
	/* What boots and waits for datagrams listens. */
	CHECK_EQUAL(query_number(database, "SELECT listens FROM service WHERE name = 'udpsrv'"), 1);
	evidence_free(evidence);
}

/* A program of the maker that links give other names does for one of them what it imports, and nobody knows for which. */
TEST(what_goes_by_many_names_is_told_of_none)
{
#define LINK(path, target)                                                                                            \
	"INSERT INTO file (volume, path, type, size, state, target) VALUES (1, " path ", 'link', 9, 'read', " target ")"
	static const char *const links[] = {
		"SELECT 1",
		LINK("'/sbin/cmdroute'", "'/bin/udpsrv'"),
		LINK("'/sbin/cmdroute'", "'/bin/udpsrv'") ";" LINK("'/sbin/detwan'", "'../bin/udpsrv'"),
	};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct evidence *evidence;
		REQUIRE(evidence_new(&evidence) == DONE);
		sqlite3 *database = evidence_database(evidence);
		CHECK(query_run(database, monolith) == DONE && query_run(database, links[i]) == DONE);
		CHECK(inspector_services.conclude(evidence) == DONE);
		CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name = 'udpsrv' AND listens = 1"), i < 2);
		evidence_free(evidence);
	}
}

TEST(lists_the_applets_of_busybox)
{
	static const char names[] = "\x7f"
				    "ELF\1\1\1junk\0[\0[[\0ash\0cat\0cp\0echo\0httpd\0ls\0sh\0telnetd\0vi\0\0Usage: x\0cat\0";
	inspected_run(&got, &inspector_applets, "/bin/busybox", span_of(names, sizeof names));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_APPLET), 11);
	CHECK(inspected_find(&got, EVIDENCE_APPLET, APPLET_NAME, "telnetd") != NULL);
	CHECK(!inspected_find(&got, EVIDENCE_APPLET, APPLET_NAME, "junk"));
	inspected_done(&got);
	inspected_run(&got, &inspector_applets, "/bin/busybox", SPAN_LITERAL("\x7f"
									     "ELF\1\1\1\0cat\0dog\0"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_APPLET), 0);
	inspected_done(&got);
}

TESTS(reads_commands_of_a_program, takes_no_sentence_for_a_command, who_runs_no_commands_starts_nothing,
      a_bare_name_is_told_as_one,
      names_of_programs_that_nobody_knows, what_goes_by_many_names_is_told_of_none, lists_the_applets_of_busybox)
