/* What inspectors do at their limits, from both sides (docs/limits.md). */
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"
#include "inspect/shell.h"

static struct inspected got;

/* before, then at least size bytes of filler, then after; the caller frees it. */
static struct span padded(const char *before, const char *filler, size_t size, const char *after, char **memory)
{
	size_t head = strlen(before), tail = strlen(after), line = strlen(filler);
	char *text = malloc(head + size + line + tail);
	if (!text)
		exit(1);
	memcpy(text, before, head);
	size_t at = head;
	while (at < head + size) {
		memcpy(text + at, filler, line);
		at += line;
	}
	memcpy(text + at, after, tail);
	*memory = text;
	return span_of(text, at + tail);
}

static size_t count_after(const struct inspector *inspector, const char *path, const char *before, const char *filler,
			  size_t size, const char *after, enum evidence_table table)
{
	char *memory;
	struct span text = padded(before, filler, size, after, &memory);
	inspected_run(&got, inspector, path, text);
	size_t count = inspected_count(&got, table);
	inspected_done(&got);
	free(memory);
	return count;
}

/* Texts have no size beyond which they are passed over: what stands last is read as well as what stands first. */
TEST(reads_texts_of_any_size)
{
	static const char comment[] = "# a remark that only fills\n";
	static const size_t sizes[] = { 0, (1 << 16) - 200, (1 << 16) + 200, (1 << 20) + 200, 5 << 20 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size = sizes[i];
		CHECK_EQUAL(count_after(&inspector_consoles, "/etc/inittab", "", comment, size, "ttyS0::respawn:/bin/sh\n",
					EVIDENCE_CONSOLE), 1);
		CHECK_EQUAL(count_after(&inspector_services, "/etc/init.d/rcS", "#!/bin/sh\n", comment, size, "telnetd -l /bin/sh &\n",
					EVIDENCE_SERVICE), 1);
		CHECK_EQUAL(count_after(&inspector_accounts, "/etc/shadow", "", comment, size, "root::0:0:99999:7:::\n",
					EVIDENCE_ACCOUNT), 1);
		CHECK_EQUAL(count_after(&inspector_accounts_web, "/etc/httpd.conf", "", comment, size, "/cgi-bin:admin:admin\n",
					EVIDENCE_ACCOUNT), 1);
		CHECK_EQUAL(count_after(&inspector_settings, "/etc/sysctl.conf", "", comment, size, "kernel.randomize_va_space=0\n",
					EVIDENCE_SETTING), 1);
		CHECK_EQUAL(count_after(&inspector_scripts, "/usr/bin/fetch", "#!/bin/sh\n", comment, size,
					"curl -k https://example.com/update\n", EVIDENCE_SETTING), 1);
		CHECK_EQUAL(count_after(&inspector_secrets, "/etc/app.conf", "", comment, size, "password=Wq8zk2Lp\n",
					EVIDENCE_SECRET), 1);
	}
}

/* A control character early in a configuration does not make it another file. */
TEST(reads_configurations_with_control_characters)
{
	static const char odd[] = "# \001 a remark with a control character\n";
	CHECK_EQUAL(count_after(&inspector_consoles, "/etc/inittab", odd, "#\n", 1, "::respawn:/bin/sh\n", EVIDENCE_CONSOLE), 1);
	CHECK_EQUAL(count_after(&inspector_services, "/etc/init.d/rcS", odd, "#\n", 1, "telnetd\n", EVIDENCE_SERVICE), 1);
	CHECK_EQUAL(count_after(&inspector_accounts, "/etc/passwd", odd, "#\n", 1, "root::0:0::/:/bin/sh\n", EVIDENCE_ACCOUNT), 1);
	CHECK_EQUAL(count_after(&inspector_settings, "/etc/sysctl.conf", odd, "#\n", 1, "kernel.randomize_va_space=0\n",
				EVIDENCE_SETTING), 1);
}

/* A line of any length is read to its end. */
TEST(reads_long_lines)
{
	static const size_t sizes[] = { 100, 4000, 4200, 1 << 20 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		CHECK_EQUAL(count_after(&inspector_secrets, "/etc/app.json", "{", "\"a\": 1, ", sizes[i],
					"\"password\": \"Wq8zk2Lp\" }\n", EVIDENCE_SECRET), 1);
		CHECK_EQUAL(count_after(&inspector_update, "/sbin/sysupgrade", "#!/bin/sh\n", "x=1; ", sizes[i],
					"wget http://example.com/fw.bin\n", EVIDENCE_UPDATE_MECHANISM), 1);
	}
}

/* A script of `count` words, blocks, variables; true where the walk says that it left something out. */
static bool shell_leaves_out(const char *before, const char *each, size_t count, const char *after)
{
	char *memory;
	struct span text = padded(before, each, count * strlen(each), after, &memory);
	inspected_run(&got, &inspector_scripts, "/etc/x.sh", text);
	bool noted = inspected_noted(&got, "shell.too-much");
	inspected_done(&got);
	free(memory);
	return noted;
}

TEST(says_what_of_a_script_is_too_much)
{
	CHECK(!shell_leaves_out("#!/bin/sh\nrun", " a", SHELL_WORDS_MAX - 1, "\n"));
	CHECK(shell_leaves_out("#!/bin/sh\nrun", " a", SHELL_WORDS_MAX, "\n"));
	CHECK(!shell_leaves_out("#!/bin/sh\n", "if a; then\n", SHELL_BLOCKS_MAX, "b\n"));
	CHECK(shell_leaves_out("#!/bin/sh\n", "if a; then\n", SHELL_BLOCKS_MAX + 1, "b\n"));
	/* Values that double: 2^16 bytes are more than is followed, 2^10 are not. */
	CHECK(!shell_leaves_out("#!/bin/sh\na=xx\n", "a=\"$a$a\"\n", 9, "run $a\n"));
	CHECK(shell_leaves_out("#!/bin/sh\na=xx\n", "a=\"$a$a\"\n", 17, "run $a\n"));
	/* A loop in a loop, 81 times its body. */
	static const char loops[] = "#!/bin/sh\nfor i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5 6 7 8 9; do\n";
	CHECK(!shell_leaves_out(loops, "a $i$j\n", SHELL_AGAIN_MAX / 80 / 7 - 5, "done; done\n"));
	CHECK(shell_leaves_out(loops, "a $i$j\n", SHELL_AGAIN_MAX / 64 / 7 + 5, "done; done\n"));
}

/* A file of count repeated lines: how many rows of a table it gives, and how many it leaves out. */
static void check_rows(const struct inspector *inspector, const char *path, const char *head, const char *format, size_t count,
		       enum evidence_table table, size_t rows, size_t dropped)
{
	char *text = malloc(strlen(head) + count * 512 + 1);
	if (!text)
		exit(1);
	size_t at = strlen(head);
	memcpy(text, head, at);
	for (size_t i = 0; i < count; i++)
		at += (size_t)snprintf(text + at, 512, format, (unsigned)i);
	inspected_run(&got, inspector, path, span_of(text, at));
	if (inspected_count(&got, table) != rows || got.facts.dropped != dropped)
		harness_fail(__FILE__, __LINE__, "%s: %zu rows and %zu dropped, not %zu and %zu", path, inspected_count(&got, table),
			     got.facts.dropped, rows, dropped);
	CHECK_EQUAL(got.facts.dropped_tables[table], dropped > 0);
	inspected_done(&got);
	free(text);
}

/* Just at the limit everything is stated; one more, and the file says that something is missing. */
TEST(says_which_rows_had_no_room)
{
	static const char sysctl[] = "net.x%u=1\n", url[] = "a http://host%u.example-vendor.cn/x\n";
	check_rows(&inspector_settings, "/etc/sysctl.conf", "", sysctl, 10000, EVIDENCE_SETTING, 10000, 0);
	check_rows(&inspector_settings, "/etc/sysctl.conf", "", sysctl, 10001, EVIDENCE_SETTING, 10000, 1);
	check_rows(&inspector_endpoints, "/etc/app.conf", "", url, 200, EVIDENCE_ENDPOINT, 200, 0);
	check_rows(&inspector_endpoints, "/etc/app.conf", "", url, 201, EVIDENCE_ENDPOINT, 200, 1);
	check_rows(&inspector_secrets, "/etc/app.conf", "", "password%u=Wq8zk2Lp\n", 200, EVIDENCE_SECRET, 200, 0);
	check_rows(&inspector_secrets, "/etc/app.conf", "", "password%u=Wq8zk2Lp\n", 201, EVIDENCE_SECRET, 200, 1);
	check_rows(&inspector_services, "/etc/init.d/rcS", "#!/bin/sh\n", "f%u() { :; }\n", 512, EVIDENCE_SERVICE, 0, 0);
	check_rows(&inspector_services, "/etc/init.d/rcS", "#!/bin/sh\n", "f%u() { :; }\n", 513, EVIDENCE_SERVICE, 0, 1);
	check_rows(&inspector_accounts, "/etc/passwd", "", "u%u:*:1:1::/:/bin/sh\n", 20010, EVIDENCE_ACCOUNT, 20010, 0);
}

TEST(says_that_a_line_is_no_account)
{
	static const char *const lines[] = { "root:*:0:0::/:/bin/sh\n", "root:*:0:0::/:/bin/sh\n+::::::\n" };
	for (size_t i = 0; i < 2; i++) {
		inspected_run(&got, &inspector_accounts, "/etc/passwd", span_of_text(lines[i]));
		CHECK_EQUAL(inspected_noted(&got, "accounts.line"), i == 1);
		inspected_done(&got);
		inspected_run(&got, &inspector_accounts, "/usr/lib/passwd.map", span_of_text(lines[i]));
		CHECK(!inspected_noted(&got, "accounts.line"));
		inspected_done(&got);
	}
}

TESTS(reads_texts_of_any_size, reads_configurations_with_control_characters, reads_long_lines,
      says_what_of_a_script_is_too_much, says_which_rows_had_no_room, says_that_a_line_is_no_account)
