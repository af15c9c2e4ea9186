/* Tells a program that does little else than to hand a shell to whoever connects ("bind shell"). */
#include "inspect/elf_imports.h"
#include "inspect/lines.h"

enum { FEW = 40 }; /* a server of any use imports more functions */

static bool holds_shell(struct span bytes)
{
	static const char *const shells[] = { "/bin/sh", "/bin/ash", "/bin/bash", NULL };
	for (size_t i = 0; shells[i]; i++) {
		size_t at = span_find(bytes, span_of(shells[i], strlen(shells[i]) + 1), 0);
		if (at != SPAN_NOT_FOUND)
			return true;
	}
	return false;
}

bool elf_hands_out_shell(const struct elf *elf)
{
	static const char *const listens[] = { "listen", "accept", "accept4", NULL };
	static const char *const redirects[] = { "dup", "dup2", "dup3", NULL };
	static const char *const executes[] = { "execl", "execle", "execlp", "execv", "execve", "execvp", NULL };
	/* Who asks for a password, or serves many services, is another kind of program. */
	static const char *const others[] = { "crypt", "crypt_r", "getspnam", "getpwnam", "getpwuid", "pam_start",
					      "openpty", "forkpty", "grantpt", "ptsname", "getservbyname", "getopt",
					      "strcmp", "strncmp", "memcmp", NULL };
	struct elf_symbols symbols = elf_dynamic_symbols(elf);
	struct elf_symbol symbol;
	int imports = 0, listening = 0;
	bool redirecting = false, executing = false;
	for (uint64_t i = 1; imports <= FEW && elf_symbol_at(elf, &symbols, i, &symbol); i++) {
		if (symbol.defined || !symbol.function || symbol.name.size == 0)
			continue;
		imports++;
		if (is_one_of(symbol.name, others))
			return false;
		listening += is_one_of(symbol.name, listens);
		redirecting = redirecting || is_one_of(symbol.name, redirects);
		executing = executing || is_one_of(symbol.name, executes);
	}
	return imports <= FEW && listening >= 2 && redirecting && executing && holds_shell(elf->bytes);
}
