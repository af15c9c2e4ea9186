#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *setting(const char *text)
{
	inspected_run(&got, &inspector_services, "/etc/init.d/rcS", span_of_text(text));
	return inspected_find(&got, EVIDENCE_SETTING, SETTING_SUBJECT, "boot script");
}

TEST(reads_loops_over_a_folder)
{
	const struct fact *s = setting("#!/bin/sh\nfor i in /etc/rc.d/S??*; do\n\t[ -x \"$i\" ] && \"$i\" start\ndone\n");
	CHECK_TEXT(inspected_text(s, SETTING_VALUE), "/etc/rc.d/S??*");
	CHECK_TEXT(inspected_text(s, SETTING_NAME), "runs all of");
	CHECK_EQUAL(inspected_integer(s, SETTING_LINE), 2);
	inspected_done(&got);
	s = setting("#!/bin/sh\nif x; then\n\tfor f in /etc/profile.d/*.sh ; do . ${f}; done\nfi\n");
	CHECK_TEXT(inspected_text(s, SETTING_NAME), "may run all of");
	CHECK_TEXT(inspected_text(s, SETTING_VALUE), "/etc/profile.d/*.sh");
	inspected_done(&got);
	s = setting("#!/bin/sh\n[ \"$1\" ] || exit 0\nfor i in /etc/rc.d/S*; do $i start; done\n");
	CHECK_TEXT(inspected_text(s, SETTING_NAME), "may run all of");
	inspected_done(&got);
	s = setting("#!/bin/sh\nrun-parts -a start /etc/rc.local.d\n");
	CHECK_TEXT(inspected_text(s, SETTING_VALUE), "/etc/rc.local.d/*");
	inspected_done(&got);
}

TEST(what_only_looks_at_a_folder_runs_nothing)
{
	static const char *const others[] = {
		"#!/bin/sh\nfor i in /etc/rc.d/S*; do\n\techo $i\n\tcat $i > /tmp/x\n\t[ -x $i ]\ndone\n$i start\n",
		"#!/bin/sh\nfor i in $LIST; do $i start; done\n",
		"#!/bin/sh\nfor i in a b c; do $i; done\n",
		"#!/bin/sh\nrun-parts --test /etc/rc.local.d\n",
		"#!/bin/sh\nfor i in /e/*a*b*c*d*; do $i; done\n",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		CHECK(!setting(others[i]));
		inspected_done(&got);
	}
}

TEST(what_is_too_long_is_told)
{
	char text[2048] = "#!/bin/sh\nfor i in /etc/x/*; do\n";
	for (size_t i = 0; i < 300; i++)
		strcat(text, "echo\n");
	strcat(text, "$i start\ndone\n");
	CHECK(!setting(text));
	CHECK(inspected_noted(&got, "services.folders"));
	inspected_done(&got);
	CHECK(!setting("#!/bin/sh\nfor i in /etc/*/*/*/*; do $i start; done\n"));
	CHECK(inspected_noted(&got, "services.folders"));
	inspected_done(&got);
	CHECK(setting("#!/bin/sh\nfor i in /etc/*/*/*; do $i start; done\n") != NULL);
	CHECK(!inspected_noted(&got, "services.folders"));
	inspected_done(&got);
}

TEST(functions_of_a_library_may_be_called)
{
	static const char text[] = "#!/bin/sh\nremote() {\n\ttelnetd -p 24\n}\n";
	inspected_run(&got, &inspector_services, "/lib/functions.sh", span_of_text(text));
	const struct fact *s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "telnetd");
	CHECK(s != NULL);
	CHECK_EQUAL(inspected_integer(s, SERVICE_ENABLED), INSPECTED_NULL);
	inspected_done(&got);
	inspected_run(&got, &inspector_services, "/etc/init.d/own", span_of_text(text));
	CHECK(!inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "telnetd"));
	inspected_done(&got);
}

/* rcS surely runs /etc/hooks/S*; another script that nothing starts would run /etc/more. */
static const char folders[] =
	"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
	"INSERT INTO file (id, volume, path, type, size, kind, state) VALUES (1, 1, '/etc/init.d/rcS', 'file', 1, 'script', 'read'),"
	" (2, 1, '/etc/hooks/S50ssh', 'file', 1, 'script', 'read'), (3, 1, '/etc/hooks/old/S50ftp', 'file', 1, 'script', 'read'),"
	" (4, 1, '/etc/more/web', 'file', 1, 'script', 'read'), (5, 1, '/usr/lib/never', 'file', 1, 'script', 'read');"
	"INSERT INTO setting VALUES (1, 3, 'boot script', 'runs all of', '/etc/hooks/S*'), (5, 3, 'boot script', 'runs all of',"
	" '/etc/more/*');"
	"INSERT INTO service (file, line, name, program, protocol, starter, enabled) VALUES (2, 2, 'sshd', 'sshd', 'ssh',"
	" 'rc script', 1), (3, 2, 'vsftpd', 'vsftpd', 'ftp', 'rc script', 1), (4, 2, 'boa', 'boa', 'http', 'rc script', 1)";

TEST(scripts_of_a_folder_run)
{
	struct evidence *evidence = inspected_concluded(&inspector_services, folders);
	REQUIRE(evidence);
	sqlite3 *database = evidence_database(evidence);
	CHECK_EQUAL(query_number(database, "SELECT enabled FROM service WHERE name = 'sshd'"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name IN ('vsftpd', 'boa') AND enabled IS NULL"), 2);
	evidence_free(evidence);
}

/* app.target is the default; it wants a.service in its text, which wants b.service; what nothing wants wants c.service. */
static const char units[] =
	"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'ext4', 0, 1, 'read');"
	"INSERT INTO file (id, volume, path, type, size, kind, state) SELECT column1, 1, '/lib/systemd/system/' || column2,"
	" 'file', 1, 'text', 'read' FROM (VALUES (1, 'app.target'), (2, 'a.service'), (3, 'b.service'), (4, 'c.service'),"
	" (5, 'lone.service'), (6, 'd.service'));"
	"INSERT INTO file (id, volume, path, type, size, target, state) VALUES"
	" (7, 1, '/etc/systemd/system/default.target', 'link', 1, '/lib/systemd/system/app.target', 'read'),"
	" (8, 1, '/etc/systemd/system/app.target.wants/d.service', 'link', 1, 'x', 'read');"
	"INSERT INTO setting VALUES (1, 3, 'systemd', 'wants', 'a.service'), (2, 3, 'systemd', 'wants', 'b.service'),"
	" (5, 3, 'systemd', 'wants', 'c.service');"
	"INSERT INTO service (file, line, name, program, starter) SELECT id, 2, substr(path, 21, 1), 'x', 'systemd' FROM file"
	" WHERE path GLOB '/lib/*.service'";

TEST(units_want_each_other)
{
	struct evidence *evidence = inspected_concluded(&inspector_services, units);
	REQUIRE(evidence);
	sqlite3 *database = evidence_database(evidence);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name IN ('a', 'b', 'd') AND enabled = 1"), 3);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name IN ('c', 'l') AND enabled IS NULL"), 2);
	evidence_free(evidence);
	inspected_run(&got, &inspector_services, "/lib/systemd/system/app.target",
		      SPAN_LITERAL("[Unit]\nWants=a.service b.service\n#Wants=c.service\n"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SETTING), 2);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 0);
	inspected_done(&got);
}

TESTS(units_want_each_other, what_is_too_long_is_told, reads_loops_over_a_folder,
      what_only_looks_at_a_folder_runs_nothing,
      functions_of_a_library_may_be_called, scripts_of_a_folder_run)
