#include "harness.h"
#include "evidence/query.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

static const struct fact *service(const char *path, const char *text, const char *name)
{
	return inspected_service(&got, path, text, name);
}

TEST(reads_boot_scripts)
{
	const struct fact *s = service("/etc/init.d/rcS",
				       "#!/bin/sh\nmount -a\n#telnetd &\ntelnetd -l /bin/sh &\n[ -f /x ] && ftpd -D\n"
				       "killall httpd\n/usr/bin/vendord &\nexit 0\ndropbear\n", "telnetd");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 4);
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "telnet");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-l /bin/sh");
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 4);
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 1);
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "ftpd");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), INSPECTED_NULL);
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "dropbear");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 0);
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "vendord");
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "");
	inspected_done(&got);
}

TEST(reads_wrappers)
{
	const struct fact *s = service("/etc/init.d/S50x",
				       "#!/bin/sh\nDAEMON=/usr/sbin/sshd\nbusybox telnetd -p 2323\nnohup nice -n 5 /usr/bin/boa -c /etc &\n"
				       "case \"$1\" in start) start-stop-daemon -S -q -b -x $DAEMON -- -D ;;\n"
				       "stop) start-stop-daemon -K -x /usr/sbin/vsftpd; snmpd ;; esac\n/etc/init.d/httpd stop\nhttpd -h\n",
				       "telnetd");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 3);
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-p 2323");
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "sshd");
	CHECK_TEXT(WORD(s, SERVICE_PROGRAM), "/usr/sbin/sshd");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-D");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 1);
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "boa");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-c /etc");
	inspected_done(&got);
}

TEST(guards_make_it_unknown)
{
	const char *text = "#!/bin/sh\nstart() {\n\t[ -x /usr/sbin/sshd ] || exit 0\n\tsshd\n\t[ \"$on\" = 1 ] || return\n"
			"\ttelnetd\n}\n"
			   "unused() {\n\tftpd\n}\n";
	const struct fact *s = service("/etc/init.d/x", text, "sshd");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 1);
	CHECK_EQUAL(NUMBER(inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "telnetd"), SERVICE_ENABLED), INSPECTED_NULL);
	CHECK(!inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "ftpd"));
	inspected_done(&got);
}

TEST(reads_procd)
{
	const struct fact *s = service("/etc/init.d/dropbear",
				       "#!/bin/sh /etc/rc.common\nSTART=19\nUSE_PROCD=1\nPROG=/usr/sbin/dropbear\ninstance() {\n"
				       "\tprocd_open_instance\n\tprocd_set_param command \"$PROG\" -F -P $pid_file\n}\n"
				       "start_service() {\n\tconfig_foreach instance dropbear\n}\n", "dropbear");
	CHECK_TEXT(WORD(s, SERVICE_STARTER), "procd");
	CHECK_TEXT(WORD(s, SERVICE_PROGRAM), "/usr/sbin/dropbear");
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "ssh");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), INSPECTED_NULL);
	inspected_done(&got);
}

TEST(reads_inittab)
{
	const struct fact *s = service("/etc/inittab", "::sysinit:/etc/init.d/rcS\nttyS0::respawn:/bin/sh\n"
			"::respawn:/usr/sbin/telnetd -F\n"
				       "#::respawn:/usr/sbin/ftpd\n::shutdown:/usr/sbin/ftpd\nz6:6:respawn:/sbin/sulogin\n"
						"x::sysinit:/bin/mount -a\n",
				       "telnetd");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 2);
	CHECK_TEXT(WORD(s, SERVICE_STARTER), "inittab");
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 3);
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 1);
	inspected_done(&got);
}

TEST(reads_units)
{
	const struct fact *s = service("/lib/systemd/system/ssh.service",
				       "[Service]\nUser=root\nExecStartPre=/usr/sbin/sshd -t\nExecStart=-/usr/sbin/sshd -D $OPTS\n"
						"[Install]\nWantedBy=multi-user.target\n",
				       "sshd");
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "ssh");
	CHECK_TEXT(WORD(s, SERVICE_USER), "root");
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 4);
	inspected_done(&got);
	s = service("/lib/systemd/system/x@.service", "[Service]\nExecStart=-/bin/sh -i\nStandardInput=socket\n", "sh");
	CHECK_EQUAL(NUMBER(s, SERVICE_LISTENS), 1);
	CHECK_EQUAL(NUMBER(s, SERVICE_LINE), 2);
	inspected_done(&got);
	CHECK(!service("/lib/systemd/system/y.service", "[Service]\nExecStart=-/bin/sh -i\nStandardInput=tty\n", "sh"));
	inspected_done(&got);
	s = service("/usr/lib/systemd/system/telnet.socket", "[Socket]\nListenStream=23\nAccept=yes\n", "telnet");
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "telnet");
	inspected_done(&got);
}

TEST(reads_super_servers)
{
	const struct fact *s = service("/etc/inetd.conf", "#ftp stream tcp nowait root /usr/sbin/ftpd ftpd\n"
			"telnet stream tcp nowait root /bin/busybox telnetd -i\n"
				       "time dgram udp wait root internal\n", "telnetd");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 1);
	CHECK_TEXT(WORD(s, SERVICE_USER), "root");
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "telnet");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "-i");
	inspected_done(&got);
	s = service("/etc/xinetd.d/telnet", "service telnet\n{\n disable = yes\n server = /usr/sbin/in.telnetd\n user = root\n"
			"}\n", "in.telnetd");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), 0);
	inspected_done(&got);
}

TEST(reads_android_init)
{
	const struct fact *s = service("/init.rc", "on boot\n    start adbd\nservice adbd /sbin/adbd --root\n    class core\n"
			"    user shell\n    disabled\n\nservice vold /system/bin/vold\n", "adbd");
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "adb");
	CHECK_TEXT(WORD(s, SERVICE_USER), "shell");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), INSPECTED_NULL);
	CHECK_EQUAL(NUMBER(inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "vold"), SERVICE_ENABLED), 1);
	inspected_done(&got);
	(void)service("/init.rc", "on boot\n    insmod /system/modules/wifi.ko\nservice adbd /sbin/adbd\n", "adbd");
	const struct fact *module = inspected_find(&got, EVIDENCE_SETTING, SETTING_NAME, "insmod");
	REQUIRE(module);
	CHECK_TEXT(WORD(module, SETTING_VALUE), "/system/modules/wifi.ko");
	inspected_done(&got);
}

static struct evidence *evidence;
static int64_t file_count;

static void add(const char *path, const char *type, const char *target, const char *text)
{
	struct query q = query_start(evidence_database(evidence),
				     "INSERT INTO file (id, volume, path, type, size, target, kind, state)"
				     " VALUES (?1, 1, ?2, ?3, 0, ?4, ?5, 'read')");
	query_bind_integer(&q, 1, ++file_count);
	query_bind_text(&q, 2, span_of_text(path));
	query_bind_text(&q, 3, span_of_text(type));
	query_bind_text(&q, 4, span_of_text(target));
	query_bind_text(&q, 5, span_of_text(text ? "script" : "elf"));
	while (query_next(&q))
		;
	CHECK(query_end(&q) == DONE);
	if (!text)
		return;
	inspected_run(&got, &inspector_services, path, span_of_text(text));
	CHECK(evidence_insert_all(evidence, file_count, &got.facts) == DONE);
	inspected_done(&got);
}

static int64_t enabled(const char *name)
{
	struct query q = query_start(evidence_database(evidence), "SELECT ifnull(enabled, -1) FROM service WHERE name = ?1");
	query_bind_text(&q, 1, span_of_text(name));
	int64_t value = query_next(&q) ? query_integer(&q, 0) : -2;
	CHECK(query_end(&q) == DONE);
	return value;
}

TEST(says_that_init_decides_by_itself)
{
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database,
			"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read')") == DONE);
	add("/sbin/init", "link", "rc", NULL);
	CHECK(inspector_services.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM note WHERE code = 'services.in-a-program'"), 1);
	add("/etc/inittab", "file", "", "::sysinit:/etc/init.d/rcS\n");
	CHECK(query_run(database, "DELETE FROM note") == DONE);
	CHECK(inspector_services.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM note WHERE code = 'services.in-a-program'"), 0);
	evidence_free(evidence);
}

TEST(concludes_what_runs)
{
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database,
			"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read')") == DONE);
	add("/etc/init.d/rcS", "file", "", "#!/bin/sh\n/app/init.sh &\ninetd\n/mnt/data/run &\n/usr/sbin/gone &\n");
	add("/app/init.sh", "file", "", "#!/bin/sh\ntelnetd\n");
	add("/app/other.sh", "file", "", "#!/bin/sh\nvsftpd\nsyslogd\n");
	add("/etc/init.d/ssh", "file", "", "#!/bin/sh\nstart() {\n\tsshd\n}\n");
	add("/etc/init.d/web", "file", "", "#!/bin/sh\nstart() {\n\tboa\n}\n");
	add("/etc/rc.d/S50ssh", "link", "../init.d/ssh", NULL);
	add("/etc/rc.d/K50web", "link", "../init.d/web", NULL);
	add("/etc/inetd.conf", "file", "", "tftp dgram udp wait root /usr/sbin/tftpd tftpd\n");
	add("/bin/busybox", "file", "", NULL);
	add("/bin/sh", "link", "busybox", NULL);
	add("/mnt/data", "directory", "", NULL);
	static const char *const programs[] = { "inetd", "sshd", "boa", "vsftpd", "tftpd", "nginx", "lighttpd" };
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		char path[32];
		(void)snprintf(path, sizeof path, "/usr/sbin/%s", programs[i]);
		add(path, "link", "../../bin/busybox", NULL);
	}
	add("/usr/sbin/telnetd", "link", "../../bin/busybox", NULL);
	add("/lib/systemd/system/a.service", "file", "", "ExecStart=/usr/sbin/nginx\n");
	add("/lib/systemd/system/b.service", "file", "", "ExecStart=/usr/sbin/lighttpd\n");
	add("/etc/systemd/system/multi-user.target.wants/a.service", "link", "/lib/systemd/system/a.service", NULL);
	CHECK(inspector_services.conclude(evidence) == DONE);
	CHECK_EQUAL(enabled("telnetd"), 1);
	CHECK_EQUAL(enabled("vsftpd"), -1);
	CHECK_EQUAL(enabled("syslogd"), -2);
	CHECK_EQUAL(enabled("sshd"), 1);
	CHECK_EQUAL(enabled("boa"), 0);
	CHECK_EQUAL(enabled("tftpd"), 1);
	CHECK_EQUAL(enabled("nginx"), 1);
	CHECK_EQUAL(enabled("lighttpd"), -1);
	CHECK_EQUAL(enabled("gone"), 0);
	CHECK_EQUAL(query_number(database, "SELECT program_present FROM service WHERE name = 'telnetd'"), 1);
	CHECK_EQUAL(query_number(database, "SELECT program_present FROM service WHERE name = 'gone'"), 0);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name = 'run' AND program_present IS NULL"), 1);
	evidence_free(evidence);
}

TEST(reads_tables_of_events)
{
	const struct fact *s = service("/etc/crontabs/root", "# x\n*/5 * * * * /usr/bin/report.sh --now\n"
				       "@reboot sleep 5; telnetd -p 99 &\nno crontab line\n", "report.sh");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 2);
	CHECK_TEXT(WORD(s, SERVICE_STARTER), "cron");
	CHECK_TEXT(WORD(s, SERVICE_USER), "root");
	CHECK_EQUAL(NUMBER(s, SERVICE_ENABLED), INSPECTED_NULL);
	CHECK_EQUAL(NUMBER(inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "telnetd"), SERVICE_PORT), 99);
	inspected_done(&got);
	s = service("/etc/cron.d/x", "1 2 * * * nobody /usr/bin/job\n", "job");
	CHECK_TEXT(WORD(s, SERVICE_USER), "nobody");
	inspected_done(&got);
	s = service("/etc/mdev.conf", "sd[a-z] 0:0 660 @/etc/mdev/usb.sh $MDEV\nnull 0:0 666\n", "usb.sh");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 1);
	CHECK_TEXT(WORD(s, SERVICE_STARTER), "hotplug");
	inspected_done(&got);
	s = service("/lib/udev/rules.d/9.rules", "ACTION==\"add\", RUN+=\"/usr/bin/flash.sh %k\"\n", "flash.sh");
	CHECK_TEXT(WORD(s, SERVICE_ARGUMENTS), "%k");
	inspected_done(&got);
	s = service("/etc/network/interfaces", "iface eth0 inet dhcp\n up telnetd\n down telnetd\n", "telnetd");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_SERVICE), 1);
	CHECK_TEXT(WORD(s, SERVICE_STARTER), "network script");
	inspected_done(&got);
}

TEST(tells_port_and_why)
{
	const struct fact *s = service("/etc/init.d/rcS", "#!/bin/sh\ntelnetd -p 2323\nhttpd\nudhcpc -i eth0\n"
				       "busybox ftpd\n", "telnetd");
	CHECK_EQUAL(NUMBER(s, SERVICE_LISTENS), 1);
	CHECK_EQUAL(NUMBER(s, SERVICE_PORT), 2323);
	CHECK_TEXT(WORD(s, SERVICE_PORT_SOURCE), "arguments");
	s = inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "httpd");
	CHECK_EQUAL(NUMBER(s, SERVICE_PORT), 80);
	CHECK_TEXT(WORD(s, SERVICE_PORT_SOURCE), "default");
	CHECK_EQUAL(NUMBER(inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "udhcpc"), SERVICE_LISTENS), 0);
	CHECK_TEXT(WORD(inspected_find(&got, EVIDENCE_SERVICE, SERVICE_NAME, "ftpd"), SERVICE_PROGRAM), "busybox ftpd");
	inspected_done(&got);
	s = service("/lib/systemd/system/x.socket", "[Socket]\nListenStream=/run/x.sock\nListenStream=2222\n", "x");
	CHECK_EQUAL(NUMBER(s, SERVICE_PORT), 2222);
	CHECK_TEXT(WORD(s, SERVICE_PROTOCOL), "");
	inspected_done(&got);
}

static int64_t present(const char *name)
{
	struct query q = query_start(evidence_database(evidence),
				     "SELECT ifnull(program_present, -1) FROM service WHERE name = ?1");
	query_bind_text(&q, 1, span_of_text(name));
	int64_t value = query_next(&q) ? query_integer(&q, 0) : -2;
	CHECK(query_end(&q) == DONE);
	return value;
}

/* A root whose /bin is a link, with programs that are there, that hang in the air, and that may be mounted. */
static void build_root(const char *state)
{
	char sql[200];
	(void)snprintf(sql, sizeof sql,
		       "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, '%s')", state);
	file_count = 0;
	REQUIRE(evidence_new(&evidence) == DONE);
	CHECK(query_run(evidence_database(evidence), sql) == DONE);
	add("/bin", "link", "usr/bin", NULL);
	add("/usr/bin/busybox", "file", "", NULL);
	add("/usr/bin/sh", "link", "busybox", NULL);
	add("/usr/bin/httpd", "link", "/bin/busybox", NULL);
	add("/usr/sbin/ftpd", "link", "../lib/gone", NULL);
	add("/app", "directory", "", NULL);
	add("/etc/init.d/rcS", "file", "", "#!/bin/sh\n/bin/httpd\n/usr/sbin/vsftpd\n/sbin/snmpd\n/opt/x/upnpd\n/app/dropbear\n"
	    "ftpd\ntelnetd\nbusybox tftpd\nbusybox smbd\n");
	CHECK(query_run(evidence_database(evidence),
			"INSERT INTO applet (file, name) SELECT id, 'telnetd' FROM file WHERE path GLOB '*busybox'"
			" UNION SELECT id, 'tftpd' FROM file WHERE path GLOB '*busybox' UNION SELECT id, 'sh' FROM file WHERE"
			" path GLOB '*busybox'") == DONE);
	CHECK(inspector_services.conclude(evidence) == DONE);
}

TEST(finds_programs_as_the_device_would)
{
	build_root("read");
	CHECK_EQUAL(present("httpd"), 1);    /* through the links of the folder and of the file */
	CHECK_EQUAL(present("vsftpd"), 0);   /* its folder is there */
	CHECK_EQUAL(present("snmpd"), 0);    /* its folder is not */
	CHECK_EQUAL(present("ftpd"), 0);     /* a link into nothing */
	CHECK_EQUAL(present("upnpd"), -1);   /* below a folder that is filled later */
	CHECK_EQUAL(present("dropbear"), -1); /* below an empty folder: a mount point */
	CHECK_EQUAL(present("telnetd"), -1); /* an applet that no link names */
	CHECK_EQUAL(present("tftpd"), 1);
	CHECK_EQUAL(present("smbd"), 0);     /* no applet of this BusyBox */
	evidence_free(evidence);
}

TEST(what_was_not_listed_may_be_there)
{
	build_root("partial");
	CHECK_EQUAL(present("httpd"), 1);
	CHECK_EQUAL(present("vsftpd"), -1);
	CHECK_EQUAL(present("snmpd"), -1);
	evidence_free(evidence);
}

TEST(concludes_who_listens)
{
	file_count = 0;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read')") ==
	      DONE);
	add("/bin/sh", "file", "", NULL);
	add("/sbin/init", "link", "/bin/rc", NULL);
	add("/bin/rc", "file", "", NULL);
	add("/bin/cos", "file", "", NULL);
	add("/bin/still", "file", "", NULL);
	add("/bin/syslog-ng", "file", "", NULL);
	add("/etc/init.d/rcS", "file", "", "#!/bin/sh\n. /etc/more\ncos &\n/bin/still\n/bin/syslog-ng\n");
	add("/etc/more", "file", "", "dropbear\n");
	add("/etc/services", "file", "", "telnetd 23/tcp\n");
	CHECK(query_run(database, "UPDATE file SET kind = 'text' WHERE path = '/etc/services'") == DONE);
	add("/bin/dropbear", "file", "", NULL);
	add("/bin/other", "file", "", NULL);
	CHECK(query_run(database,
			"INSERT INTO elf (file, class, byte_order, machine, type, static, stripped) SELECT id, 32, 'little', 'ARM',"
			" 'executable', 0, 1 FROM file WHERE path GLOB '/bin/*';"
			"INSERT INTO elf_import SELECT f.id, n.column1, 'network' FROM file f, (VALUES ('listen'), ('accept'), ('htons')) n"
			" WHERE f.path IN ('/bin/cos', '/bin/syslog-ng');"
			"INSERT INTO elf_import SELECT id, 'strcpy', 'unsafe copy' FROM file WHERE path = '/bin/still';"
			"INSERT INTO service (file, name, program, protocol, starter, offset) SELECT id, 'telnetd', '/bin/sh', 'telnet',"
			" 'program', 9 FROM file WHERE path IN ('/bin/cos', '/bin/other')") == DONE);
	CHECK(inspector_services.conclude(evidence) == DONE);
	CHECK_EQUAL(query_number(database, "SELECT listens FROM service WHERE name = 'cos'"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name = 'still' AND listens = 0"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name = 'syslog-ng' AND listens = 1 AND why ="
		" 'known by its name to serve the device itself; imports listen, accept and htons'"), 1);
	/* A script that is read in is part of the one that reads it; a program that nothing starts starts nothing. */
	CHECK_EQUAL(enabled("dropbear"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE name = 'telnetd' AND starter <> 'program'"), 0);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE starter = 'program'"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM service WHERE starter = 'kernel' AND name = 'init'"), 1);
	evidence_free(evidence);
}

TEST(concludes_units)
{
	file_count = 0;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'ext4', 0, 1, 'read')") == DONE);
	add("/lib/systemd/system/nginx.service", "file", "", "[Service]\nExecStart=/usr/sbin/nginx\n");
	add("/lib/systemd/system/smbd.service", "file", "", "[Service]\nExecStart=/usr/sbin/smbd\n");
	add("/lib/systemd/system/named.service", "file", "", "[Service]\nExecStart=/usr/sbin/named\n");
	add("/lib/systemd/system/sshd.socket", "file", "", "[Socket]\nListenStream=22\nAccept=yes\n");
	add("/lib/systemd/system/own.service", "file", "", "[Service]\nExecStart=/usr/bin/own.sh\n");
	add("/etc/systemd/system/multi-user.target.wants/own.service", "link", "x", NULL);
	add("/usr/bin/own.sh", "file", "", "#!/bin/sh\ntelnetd -l /bin/sh &\n");
	add("/lib/systemd/system/ftp.socket", "file", "", "[Socket]\nListenStream=2121\nAccept=yes\n");
	add("/lib/systemd/system/ftp@.service", "file", "", "[Service]\nExecStart=/usr/sbin/bftpd -i\n");
	add("/lib/systemd/system/sshd@.service", "file", "", "[Service]\nExecStart=/usr/sbin/tinysshd\n");
	add("/lib/systemd/system/vsftpd.service", "file", "", "[Service]\nExecStart=/usr/sbin/vsftpd\n");
	add("/etc/systemd/system/vsftpd.service.d/o.conf", "file", "", "[Service]\nExecStart=\nExecStart=/usr/sbin/proftpd\n");
	add("/etc/systemd/system/smbd.service", "link", "/dev/null", NULL);
	add("/etc/systemd/system/multi-user.target.wants/nginx.service", "link", "x", NULL);
	add("/etc/systemd/system/multi-user.target.wants/smbd.service", "link", "x", NULL);
	add("/etc/systemd/system/multi-user.target.wants/vsftpd.service", "link", "x", NULL);
	add("/etc/systemd/system/rescue.target.wants/named.service", "link", "x", NULL);
	add("/etc/systemd/system/sockets.target.wants/sshd.socket", "link", "x", NULL);
	CHECK(inspector_services.conclude(evidence) == DONE);
	CHECK_EQUAL(enabled("nginx"), 1);
	CHECK_EQUAL(enabled("smbd"), 0);
	CHECK_EQUAL(enabled("named"), -1);
	CHECK_EQUAL(enabled("sshd"), 1);
	CHECK_EQUAL(enabled("tinysshd"), 1);
	CHECK_EQUAL(enabled("telnetd"), 1); /* by a script that a unit runs */
	CHECK_EQUAL(query_number(database, "SELECT port FROM service WHERE name = 'bftpd'"), 2121);
	CHECK_EQUAL(enabled("vsftpd"), 0);
	CHECK_EQUAL(enabled("proftpd"), 1);
	evidence_free(evidence);
}

TESTS(reads_tables_of_events, tells_port_and_why, finds_programs_as_the_device_would, what_was_not_listed_may_be_there,
      concludes_who_listens, concludes_units, says_that_init_decides_by_itself,
      reads_boot_scripts, reads_wrappers, guards_make_it_unknown, reads_procd, reads_inittab, reads_units,
      reads_super_servers, reads_android_init, concludes_what_runs)
