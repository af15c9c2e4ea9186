/*
 * Tells a program that does little else than to hand a shell to another machine: it waits for connections ("bind shell")
 * or opens one ("reverse shell"), puts it in place of its input and output, and runs a shell.
 */
#include "inspect/elf_imports.h"
#include "inspect/lines.h"

enum { FEW = 40 }; /* a server of any use imports more functions */

static bool holds_shell(struct span bytes)
{
	static const char *const shells[] = { "/bin/sh",  "/bin/ash", "/bin/bash",	 "/bin/dash",	"/bin/ksh",
					      "/bin/zsh", "/bin/busybox", "/system/bin/sh", "/usr/bin/sh", NULL };
	for (size_t i = 0; shells[i]; i++) {
		size_t at = span_find(bytes, span_of(shells[i], strlen(shells[i]) + 1), 0);
		if (at != SPAN_NOT_FOUND)
			return true;
	}
	return false;
}

/* A name that is looked for along the path: a text of its own. */
static bool names_shell(struct span bytes)
{
	const struct span shells[] = { SPAN_LITERAL("\0sh"), SPAN_LITERAL("\0ash"), SPAN_LITERAL("\0bash"),
					      SPAN_LITERAL("\0dash"), SPAN_LITERAL("\0busybox") };
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		for (size_t at = span_find(bytes, shells[i], 0); at != SPAN_NOT_FOUND; at = span_find(bytes, shells[i], at + 1))
			if (span_byte(bytes, at + shells[i].size) == 0)
				return true;
	return false;
}

/* Who asks for a password or serves many names is another kind of program; who compares may ask for one. */
struct traits {
	int imports, listening;
	bool connecting, redirecting, executing, looking, asking, comparing, terminal, commanding;
	bool shell_of_library; /* functions of the C library that hold the path of a shell themselves */
};

static void see(struct traits *traits, struct span name)
{
	static const char *const listens[] = { "listen", "accept", "accept4", NULL };
	static const char *const redirects[] = { "dup", "dup2", "dup3", "posix_spawn_file_actions_adddup2", NULL };
	static const char *const executes[] = { "execl", "execle", "execv", "execve", "posix_spawn", NULL };
	static const char *const looks[] = { "execlp", "execvp", "execvpe", "posix_spawnp", NULL }; /* along the path */
	static const char *const asks[] = { "crypt", "crypt_r", "getspnam", "getpwnam", "getpwuid", "pam_start", "getservbyname",
					    "getopt", NULL };
	static const char *const compares[] = { "strcmp", "strncmp", "memcmp", NULL };
	static const char *const holders[] = { "system", "popen", "wordexp", "posix_spawn", "posix_spawnp", NULL };
	static const char *const terminals[] = { "openpty", "forkpty", "grantpt", "ptsname", NULL };
	traits->imports++;
	traits->listening += is_one_of(name, listens);
	traits->connecting |= span_equal_text(name, "connect");
	traits->redirecting |= is_one_of(name, redirects);
	traits->looking |= is_one_of(name, looks);
	traits->executing |= is_one_of(name, executes) || is_one_of(name, looks);
	traits->commanding |= span_equal_text(name, "system");
	traits->asking |= is_one_of(name, asks);
	traits->comparing |= is_one_of(name, compares);
	traits->terminal |= is_one_of(name, terminals);
	traits->shell_of_library |= is_one_of(name, looks) || is_one_of(name, holders);
}

/* Functions that the program takes from libraries. */
static void see_all(const struct elf *elf, struct traits *traits)
{
	struct elf_symbols symbols = elf_dynamic_symbols(elf);
	struct elf_symbol symbol;
	for (uint64_t i = 1; traits->imports <= FEW && elf_symbol_at(elf, &symbols, i, &symbol); i++)
		if (!symbol.defined && symbol.function && symbol.name.size > 0)
			see(traits, symbol.name);
}

/* A program that has all of its libraries in it tells what it calls by the names that are left in it; a stripped one does not. */
static enum elf_shell static_hands_out_shell(const struct elf *elf)
{
	struct elf_symbols symbols = elf_full_symbols(elf);
	struct traits traits = { 0 };
	struct elf_symbol symbol;
	for (uint64_t i = 1; elf_symbol_at(elf, &symbols, i, &symbol); i++)
		if (symbol.defined && symbol.function && symbol.name.size > 0)
			see(&traits, symbol.name);
	if (!traits.redirecting || !traits.executing || traits.asking || traits.shell_of_library || !holds_shell(elf->bytes) ||
	    span_find_text(elf->bytes, "/bin/login", 0) != SPAN_NOT_FOUND)
		return ELF_SHELL_NONE;
	if (traits.listening >= 2)
		return ELF_SHELL_BOUND;
	return traits.connecting && traits.listening == 0 ? ELF_SHELL_REVERSE : ELF_SHELL_NONE;
}

enum elf_shell elf_hands_out_shell(const struct elf *elf, bool *surely)
{
	struct traits traits = { 0 };
	struct elf_segment interpreter;
	*surely = false;
	if (elf->type == ELF_EXEC || elf->type == ELF_DYN)
		if (!elf_find_segment(elf, SEGMENT_INTERP, &interpreter) && elf_dynamic_symbols(elf).count <= 1)
			return static_hands_out_shell(elf);
	see_all(elf, &traits);
	bool hands = traits.imports <= FEW && (traits.redirecting || traits.terminal) && (traits.executing || traits.commanding) &&
		     !traits.asking && (holds_shell(elf->bytes) || (traits.looking && names_shell(elf->bytes))) &&
		     span_find_text(elf->bytes, "/bin/login", 0) == SPAN_NOT_FOUND;
	/* system() runs any command, and a text beside it may be another's. */
	*surely = !traits.comparing && !traits.terminal && traits.executing;
	if (hands && traits.listening >= 2)
		return ELF_SHELL_BOUND;
	/* Who connects out and waits as well is a relay of some kind; who compares may be a client of any use. */
	return hands && traits.connecting && traits.listening == 0 && *surely ? ELF_SHELL_REVERSE : ELF_SHELL_NONE;
}
