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
}

TESTS(reads_texts_of_any_size, reads_configurations_with_control_characters, reads_long_lines,
      says_what_of_a_script_is_too_much)
