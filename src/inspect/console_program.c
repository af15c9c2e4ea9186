#include "inspect/console_program.h"

#include "inspect/lines.h"

static bool is_shell(struct span name)
{
	static const char *const shells[] = { "sh", "ash", "bash", "dash", "zsh", "ksh", "csh", "hush", "msh",
					      NULL };
	return is_one_of(name, shells);
}

/* A script or a command that a shell is told to run is no shell at the console. */
static bool runs_something(struct span arguments)
{
	struct span argument;
	while (span_next_word(&arguments, &argument))
		if (span_equal_text(argument, "-c") || span_byte(argument, 0) != '-')
			return true;
	return false;
}

/* getty -l PROGRAM runs it in place of login; -n leaves out the question for a name; -a and -f log in at once. */
static enum console_program judge_getty(struct span arguments)
{
	struct span argument;
	while (span_next_word(&arguments, &argument)) {
		if (span_equal_text(argument, "-a") || span_equal_text(argument, "--autologin"))
			return CONSOLE_SHELL;
		if (!span_equal_text(argument, "-l") && !span_equal_text(argument, "-nl"))
			continue;
		struct span program;
		if (span_next_word(&arguments, &program))
			return is_shell(span_basename(program)) ? CONSOLE_SHELL : CONSOLE_LOGIN;
	}
	return CONSOLE_LOGIN;
}

static bool logs_in_unasked(struct span arguments)
{
	struct span argument;
	while (span_next_word(&arguments, &argument))
		if (span_equal_text(argument, "-f"))
			return true;
	return false;
}

enum console_program console_program_of(struct span program, struct span arguments)
{
	static const char *const gettys[] = { "getty", "agetty", "mgetty", "mingetty", "fgetty", "ngetty", NULL };
	static const char *const logins[] = { "login", "sulogin", "login.sh", "ttylogin", NULL };
	struct span name = span_basename(program);
	if (is_shell(name))
		return runs_something(arguments) ? CONSOLE_NOTHING : CONSOLE_SHELL;
	if (is_one_of(name, gettys))
		return judge_getty(arguments);
	if (is_one_of(name, logins))
		return logs_in_unasked(arguments) ? CONSOLE_SHELL : CONSOLE_LOGIN;
	return CONSOLE_NOTHING;
}
