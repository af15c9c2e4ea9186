#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

enum { SYMBOLS = 0x200, HASH = 0x600, STRINGS = 0x700, TEXT = 0xc00, SIZE = 0x1000, DYNAMIC = 0x100 };

static uint8_t image[SIZE];

static void put(size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

/* A little-endian 32-bit program at address 0 that imports these functions (a list that ends with NULL). */
static void build(const char *const *functions, const char *text)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	uint32_t count = 1, string = 1;
	memset(image, 0, sizeof image);
	memcpy(image, head, sizeof head);
	put(16, 2, 2), put(18, 8, 2), put(20, 1, 4), put(28, 52, 4), put(40, 52, 2), put(42, 32, 2), put(44, 2, 2);
	put(52, 1, 4), put(52 + 16, SIZE, 4), put(52 + 20, SIZE, 4);
	put(84, 2, 4), put(84 + 4, DYNAMIC, 4), put(84 + 8, DYNAMIC, 4), put(84 + 16, 48, 4), put(84 + 20, 48, 4);
	for (; functions[count - 1]; count++) {
		put(SYMBOLS + count * 16, string, 4);
		put(SYMBOLS + count * 16 + 12, 0x12, 1); /* global function */
		memcpy(image + STRINGS + string, functions[count - 1], strlen(functions[count - 1]));
		string += (uint32_t)strlen(functions[count - 1]) + 1;
	}
	put(HASH, 1, 4), put(HASH + 4, count, 4);
	const uint32_t dynamic[] = { 5, STRINGS, 6, SYMBOLS, 4, HASH, 10, TEXT - STRINGS, 0, 0 };
	for (size_t i = 0; i < sizeof dynamic / sizeof *dynamic; i++)
		put(DYNAMIC + i * 4, dynamic[i], 4);
	memcpy(image + TEXT, text, strlen(text));
}

static char kind[32];

/* The kind of shell that it hands out; empty for none. */
static const char *hands_out(const char *const *functions, const char *text)
{
	struct inspected got;
	build(functions, text);
	inspected_run(&got, &inspector_elf, "/bin/x", span_of(image, sizeof image));
	CHECK(inspected_count(&got, EVIDENCE_ELF) == 1);
	const struct fact *shell = inspected_row(&got, EVIDENCE_REMOTE_SHELL, 0);
	struct span text_of = inspected_text(shell, REMOTE_SHELL_KIND), sure = inspected_text(shell, REMOTE_SHELL_CONFIDENCE);
	(void)snprintf(kind, sizeof kind, "%.*s%s%.*s", SPAN_FORMAT(text_of), shell ? ", " : "", SPAN_FORMAT(sure));
	inspected_done(&got);
	return kind;
}

static const char *const bind_shell[] = { "socket", "bind", "listen", "accept", "dup2", "execve", NULL };

static const char *const reverse_shell[] = { "socket", "connect", "dup2", "execve", NULL };
#define CHECK_SHELL(functions, text, want) CHECK_TEXT(span_of_text(hands_out((functions), (text))), (want))

/* The same without a dynamic section: a static program, with what is left of its symbols. */
static const char *hands_out_static(const char *const *functions, const char *text)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	enum { SECTIONS = DYNAMIC, SECTION = 40 };
	struct inspected got;
	uint32_t count = 1, string = 1;
	memset(image, 0, sizeof image);
	memcpy(image, head, sizeof head);
	put(16, 2, 2), put(18, 8, 2), put(20, 1, 4), put(28, 52, 4), put(40, 52, 2), put(42, 32, 2), put(44, 1, 2);
	put(32, SECTIONS, 4), put(46, SECTION, 2), put(48, 3, 2);
	put(52, 1, 4), put(52 + 16, SIZE, 4), put(52 + 20, SIZE, 4);
	for (; functions[count - 1]; count++) {
		put(SYMBOLS + count * 16, string, 4);
		put(SYMBOLS + count * 16 + 12, 0x12, 1), put(SYMBOLS + count * 16 + 14, 1, 2); /* global function, defined */
		memcpy(image + STRINGS + string, functions[count - 1], strlen(functions[count - 1]));
		string += (uint32_t)strlen(functions[count - 1]) + 1;
	}
	put(SECTIONS + SECTION + 4, 2, 4), put(SECTIONS + SECTION + 16, SYMBOLS, 4), put(SECTIONS + SECTION + 20, count * 16, 4);
	put(SECTIONS + SECTION + 24, 2, 4);
	put(SECTIONS + 2 * SECTION + 4, 3, 4), put(SECTIONS + 2 * SECTION + 16, STRINGS, 4);
	put(SECTIONS + 2 * SECTION + 20, TEXT - STRINGS, 4);
	memcpy(image + TEXT, text, strlen(text));
	inspected_run(&got, &inspector_elf, "/bin/x", span_of(image, sizeof image));
	const struct fact *shell = inspected_row(&got, EVIDENCE_REMOTE_SHELL, 0);
	struct span told = inspected_text(shell, REMOTE_SHELL_KIND), method = inspected_text(shell, REMOTE_SHELL_METHOD),
		    sure = inspected_text(shell, REMOTE_SHELL_CONFIDENCE);
	(void)snprintf(kind, sizeof kind, "%.*s%s%.*s %.*s", SPAN_FORMAT(told), shell ? ", " : "", SPAN_FORMAT(method),
		       SPAN_FORMAT(sure));
	inspected_done(&got);
	return kind;
}
#define CHECK_STATIC(text, want, ...)                                                                                  \
	CHECK_TEXT(span_of_text(hands_out_static((const char *const[]){ __VA_ARGS__, NULL }, (text))), (want))

TEST(knows_static_programs_by_their_symbols)
{
	CHECK_STATIC("/bin/sh", "bind shell, symbols medium", "printf", "strcmp", "listen", "accept", "dup2", "execl", "execve");
	CHECK_STATIC("/bin/sh", "reverse shell, symbols medium", "connect", "dup2", "execve", "malloc");
	/* The path may be that of system() or execvp() of the C library; who asks for names or options is of another kind. */
	CHECK_STATIC("/bin/sh", " ", "listen", "accept", "dup2", "execve", "system");
	CHECK_STATIC("/bin/sh", " ", "listen", "accept", "dup2", "execve", "execvp");
	CHECK_STATIC("/bin/sh", " ", "listen", "accept", "dup2", "execve", "getpwnam");
	CHECK_STATIC("/bin/sh", " ", "listen", "accept", "dup2", "execve", "getopt");
	CHECK_STATIC("/bin/she", " ", "listen", "accept", "dup2", "execve");
	CHECK_STATIC("/bin/sh", " ", "listen", "accept", "execve");
	CHECK_STATIC("/bin/sh", " ", "printf", "main");
}

TEST(knows_a_bind_shell)
{
	static const char *const by_system[] = { "socket", "bind", "listen", "accept", "dup2", "system", NULL };
	CHECK_SHELL(by_system, "/bin/sh", "bind shell, medium");
	CHECK_SHELL(by_system, "/bin/ls", "");
	static const char *const guarded[] = { "socket", "bind", "listen", "accept", "dup2", "execve", "strcmp", NULL };
	static const char *const on_terminal[] = { "socket", "bind", "listen", "accept", "forkpty", "execv", NULL };
	CHECK_SHELL(bind_shell, "/bin/sh", "bind shell, high");
	CHECK_SHELL(bind_shell, "/bin/busybox", "bind shell, high");
	CHECK_SHELL(bind_shell, "/system/bin/sh", "bind shell, high");
	CHECK_SHELL(guarded, "/bin/sh", "bind shell, medium");
	CHECK_SHELL(on_terminal, "/bin/sh", "bind shell, medium");
}

TEST(knows_a_shell_that_is_spawned_or_looked_for)
{
	static const char *const spawning[] = { "socket", "bind", "listen", "accept", "posix_spawn",
						"posix_spawn_file_actions_adddup2", NULL };
	static const char *const looking[] = { "socket", "connect", "dup2", "execlp", NULL };
	CHECK_SHELL(spawning, "/bin/sh", "bind shell, high");
	CHECK_SHELL(looking, "sh", "reverse shell, high");
	CHECK_SHELL(looking, "crash", "");
	CHECK_SHELL(looking, "shutdown", "");
	CHECK_SHELL(reverse_shell, "sh", "");
}

TEST(knows_a_reverse_shell)
{
	static const char *const client[] = { "socket", "connect", "dup2", "execve", "strcmp", NULL };
	CHECK_SHELL(reverse_shell, "/bin/sh", "reverse shell, high");
	CHECK_SHELL(client, "/bin/sh", "");
}

TEST(leaves_servers_alone)
{
	static const char *const login[] = { "socket", "bind", "listen", "accept", "dup2", "execve", "crypt", NULL };
	static const char *const runner[] = { "socket", "bind", "listen", "accept", "system", NULL };
	CHECK_SHELL(bind_shell, "/bin/login", "");
	CHECK_SHELL(login, "/bin/sh", "");
	CHECK_SHELL(runner, "/bin/sh", "");
}

TESTS(knows_static_programs_by_their_symbols, knows_a_bind_shell, knows_a_reverse_shell,
      knows_a_shell_that_is_spawned_or_looked_for, leaves_servers_alone)
