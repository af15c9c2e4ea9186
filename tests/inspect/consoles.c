#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *console(const char *path, const char *text, size_t index)
{
	inspected_run(&got, &inspector_consoles, path, span_of_text(text));
	return inspected_row(&got, EVIDENCE_CONSOLE, index);
}

TEST(reads_inittab)
{
	const struct fact *c = console("/etc/inittab", "::sysinit:/etc/init.d/rcS\n::askfirst:-/bin/sh\n"
			"ttyS1::askfirst:/bin/login\n"
				       "::respawn:/sbin/getty -L ttyS0 115200 vt100 # serial\n#tty2::respawn:/bin/sh\n"
				       "S0::respawn:/sbin/getty -n -l /bin/sh 115200 ttyAMA0\ntty1::respawn:login -f root\n"
						"::sysinit:/bin/sh /etc/x\ntts/0::askfirst:/bin/ash --login\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_CONSOLE), 6);
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_CONSOLE, 5), CONSOLE_DEVICE), "tts/0");
	CHECK_TEXT(inspected_text(c, CONSOLE_DEVICE), "console");
	CHECK_TEXT(inspected_text(c, CONSOLE_PROGRAM), "/bin/sh");
	CHECK_EQUAL(inspected_integer(c, CONSOLE_AUTHENTICATED), 0);
	CHECK_EQUAL(inspected_integer(c, CONSOLE_LINE), 2);
	c = inspected_row(&got, EVIDENCE_CONSOLE, 1);
	CHECK_TEXT(inspected_text(c, CONSOLE_DEVICE), "ttyS1");
	CHECK_EQUAL(inspected_integer(c, CONSOLE_AUTHENTICATED), 1);
	c = inspected_row(&got, EVIDENCE_CONSOLE, 2);
	CHECK_TEXT(inspected_text(c, CONSOLE_DEVICE), "ttyS0");
	CHECK_TEXT(inspected_text(c, CONSOLE_PROGRAM), "/sbin/getty -L ttyS0 115200 vt100");
	CHECK_TEXT(inspected_text(c, CONSOLE_RUNS), "/sbin/getty");
	CHECK_EQUAL(inspected_integer(c, CONSOLE_AUTHENTICATED), 1);
	c = inspected_row(&got, EVIDENCE_CONSOLE, 3);
	CHECK_TEXT(inspected_text(c, CONSOLE_DEVICE), "ttyAMA0");
	CHECK_EQUAL(inspected_integer(c, CONSOLE_AUTHENTICATED), 0);
	CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_CONSOLE, 4), CONSOLE_AUTHENTICATED), 0);
	inspected_done(&got);
}

TEST(names_the_program_behind_what_starts_it)
{
	const struct fact *c = console("/etc/inittab", "ttyS0::respawn:/bin/busybox getty -L ttyS0 115200\n"
				       "ttyS1::respawn:/usr/bin/env TERM=vt100 /bin/sh\n", 0);
	CHECK_TEXT(inspected_text(c, CONSOLE_RUNS), "/bin/busybox getty");
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_CONSOLE, 1), CONSOLE_RUNS), "/bin/sh");
	inspected_done(&got);
}

TEST(reads_units)
{
	const struct fact *c = console("/lib/systemd/system/serial-getty@ttyS0.service",
				       "[Service]\nExecStart=-/sbin/agetty --autologin root %I 115200\n", 0);
	CHECK_TEXT(inspected_text(c, CONSOLE_DEVICE), "ttyS0");
	CHECK_EQUAL(inspected_integer(c, CONSOLE_AUTHENTICATED), 0);
	inspected_done(&got);
	console("/lib/systemd/system/ssh.service", "[Service]\nExecStart=/usr/sbin/sshd -D\n", 0);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_CONSOLE), 0);
	inspected_done(&got);
}

static void conclude_login(const char *setting, int64_t wanted)
{
	struct evidence *evidence = NULL;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
				  "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/etc/inittab', 'file', 0, 'read'),"
				  " (2, 1, '/usr/libexec/login.sh', 'file', 0, 'read')") == DONE);
	console("/etc/inittab", "::askconsole:/usr/libexec/login.sh\n", 0);
	CHECK(evidence_insert_all(evidence, 1, &got.facts) == DONE);
	inspected_done(&got);
	console("/usr/libexec/login.sh", "#!/bin/sh\n\n"
			"[ \"$(uci -q get system.@system[0].ttylogin)\" == 1 ] || exec /bin/ash --login\n\nexec /bin/login\n", 0);
	CHECK(evidence_insert_all(evidence, 2, &got.facts) == DONE);
	inspected_done(&got);
	CHECK(query_run(database, setting) == DONE);
	CHECK(inspector_consoles.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM console"), 2);
	CHECK_EQUAL(query_number(database, "SELECT authenticated FROM console WHERE file = 1"), wanted);
	evidence_free(evidence);
}

TEST(openwrt_asks_only_when_told)
{
	conclude_login("SELECT 1", 0);
	conclude_login("INSERT INTO setting VALUES (1, 1, 'system', 'ttylogin', '1')", 1);
}

TESTS(reads_inittab, names_the_program_behind_what_starts_it, reads_units, openwrt_asks_only_when_told)
