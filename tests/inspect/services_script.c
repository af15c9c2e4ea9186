#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *service(const char *path, const char *text, const char *name)
{
	return inspected_service(&got, path, text, name);
}

TEST(reads_what_is_handed_to_a_supervisor)
{
	const char *text = "#!/bin/sh /etc/rc.common\nHTTPD=/usr/sbin/sysapihttpd\nLINE=\"$HTTPD -c /tmp/h.conf\"\nstart() {\n"
			   "\texport PROCLINE=\"${LINE}\"\n\texport EDITOR=/bin/vi PATH=/bin:/sbin SHELL=/bin/sh\n"
			   "\texport SERVER=/usr/sbin/dropbear\n\t/usr/sbin/supervisord start\n}\nstop() {\n"
			   "\texport PROCLINE=\"/usr/sbin/other -d\"\n}\n";
	const struct fact *row = service("/etc/init.d/httpd", text, "sysapihttpd");
	CHECK(row);
	CHECK_TEXT(inspected_text(row, SERVICE_PROGRAM), "/usr/sbin/sysapihttpd");
	CHECK_TEXT(inspected_text(row, SERVICE_ARGUMENTS), "-c /tmp/h.conf");
	CHECK_EQUAL(inspected_integer(row, SERVICE_ENABLED), INSPECTED_NULL);
	inspected_done(&got);
	CHECK(service("/etc/init.d/httpd", text, "dropbear"));
	inspected_done(&got);
	CHECK(!service("/etc/init.d/httpd", text, "vi"));
	inspected_done(&got);
	CHECK(!service("/etc/init.d/httpd", text, "other"));
	inspected_done(&got);
}

TEST(a_login_shell_reads_the_profile)
{
	const char *table = "::respawn:-/bin/sh\n", *asks = "ttyS0::askfirst:/bin/ash --login\n";
	const struct fact *row = service("/etc/inittab", table, "profile");
	CHECK(row);
	CHECK_TEXT(inspected_text(row, SERVICE_PROGRAM), "/etc/profile");
	CHECK_EQUAL(inspected_integer(row, SERVICE_ENABLED), 1);
	inspected_done(&got);
	row = service("/etc/inittab", asks, "profile");
	CHECK(row);
	CHECK_EQUAL(inspected_integer(row, SERVICE_ENABLED), INSPECTED_NULL);
	inspected_done(&got);
	CHECK(!service("/etc/inittab", "::respawn:/bin/sh\n::respawn:-/usr/sbin/camd -l\n", "profile"));
	inspected_done(&got);
	row = service("/etc/profile", "PATH=/bin\nexport PATH\ntest -e /bin/diag && diag &\nmic\necho done\n", "mic");
	CHECK(row);
	CHECK_EQUAL(inspected_integer(row, SERVICE_ENABLED), 1);
	inspected_done(&got);
}

/* "name line" of the setting, "" where there is none. */
static const char *console_of(const char *text)
{
	static char words[80];
	inspected_run(&got, &inspector_services, "/init.rc", span_of_text(text));
	const struct fact *fact = inspected_find(&got, EVIDENCE_SETTING, SETTING_VALUE, "/system/bin/sh");
	words[0] = '\0';
	if (fact)
		(void)snprintf(words, sizeof words, "%.*s %d", SPAN_FORMAT(inspected_text(fact, SETTING_NAME)),
			       (int)inspected_integer(fact, SETTING_LINE));
	inspected_done(&got);
	return words;
}

TEST(android_gives_the_console_a_shell)
{
	CHECK_TEXT(span_of_text(console_of("service console /system/bin/sh\n    class core\n    console\n")), "console shell 1");
	CHECK_TEXT(span_of_text(console_of("on boot\n    start x\nservice console /system/bin/sh\n    console\n    disabled\n"
					   "on property:ro.debuggable=1\n    start console\n")), "console shell where debuggable 3");
	CHECK_TEXT(span_of_text(console_of("service console /system/bin/sh\n    console\n    disabled\non boot\n")), "");
	CHECK_TEXT(span_of_text(console_of("service once /system/bin/sh\n    oneshot\non boot\n    console\n")), "");
}

TEST(reads_su_and_loops)
{
	const struct fact *s = service("/etc/init.d/S50x", "#!/bin/sh\nsu - ftp -s /bin/sh -c \"telnetd -p 9\"\n"
						"for d in /usr/sbin/ftpd snmpd; do $d -D; done\n", "telnetd");
	CHECK_TEXT(WORD(s, SERVICE_USER), "ftp");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-p 9");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 3);
	CHECK(inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "snmpd") != NULL);
	inspected_done(&got);
}

/* A backslash joins lines; what is started beside the service is told where it stays. */
TEST(reads_joined_lines_of_units)
{
	const struct fact *s = service("/lib/systemd/system/z.service",
		    "[Service]\nExecStartPre=/usr/sbin/sshd -t\nExecStart=/usr/bin/z \\\n  -a \\\n  -b\n"
		    "ExecStartPost=-/usr/sbin/telnetd -l \\\n /bin/sh\n", "z");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 2);
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-a -b");
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 3);
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "telnetd");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-l /bin/sh");
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 6);
	inspected_done(&got);
	s = service("/lib/systemd/system/z.service", "[Service]\nExecStart=/bin/sh -c 'ifconfig lo up; telnetd -F'\n", "telnetd");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-F");
	inspected_done(&got);
}

TEST(reads_ports_of_xinetd_and_what_tcpd_runs)
{
	const struct fact *s = service("/etc/xinetd.d/x", "service own\n{\n\ttype=UNLISTED\n"
		    "\tport=4000\n\tserver=/usr/bin/ownd\n\tserver_args=-i\n}\n", "ownd");
	CHECK_EQUAL(NUMBER(s, SERVICE_PORT), 4000);
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-i");
	inspected_done(&got);
	s = service("/etc/inetd.conf", "telnet stream tcp nowait root /usr/sbin/tcpd in.telnetd -l /bin/sh\n", "in.telnetd");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-l /bin/sh");
	inspected_done(&got);
}

TEST(reads_tables_of_cron_wherever_they_lie)
{
	CHECK(service("/var/spool/cron/root", "@daily telnetd\n", "telnetd") != NULL);
	inspected_done(&got);
	CHECK(service("/etc/cron/root", "* * * * * vendord -x\n", "vendord") != NULL);
	inspected_done(&got);
	CHECK(service("/lib/udev/rules.d/9.rules", "RUN{program}+=\"/bin/sh -c '/usr/sbin/telnetd -p 8'\"\n", "telnetd") != NULL);
	inspected_done(&got);
}

TEST(reads_commands_that_init_of_Android_runs)
{
	const struct fact *s = service("/init.rc", "on boot\n    exec u:r:x:s0 shell -- /system/bin/vendord -e\n"
				       "    exec /sbin/owned\n"
				       "on property:a=b\n    exec -- /system/bin/other\n", "vendord");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 2);
	CHECK_TEXT(WORD(s, SERVICE_USER), "shell");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-e");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 1);
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 2);
	inspected_done(&got);
}

TESTS(reads_commands_that_init_of_Android_runs,
      reads_su_and_loops, reads_joined_lines_of_units, reads_ports_of_xinetd_and_what_tcpd_runs,
      reads_tables_of_cron_wherever_they_lie,
      android_gives_the_console_a_shell, a_login_shell_reads_the_profile, reads_what_is_handed_to_a_supervisor)
