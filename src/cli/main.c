/* The program: a table of commands. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "assay/assay.h"
#include "base/shown.h"
#include "cli/options.h"
#include "cli/suggest.h"

static const struct command *const commands[] = {
	&command_grade, &command_files, &command_components, &command_vulnerabilities, &command_findings,
	&command_requirements, &command_query, &command_schema, &command_diff, &command_watch, &command_db,
	&command_register, &command_where, &command_case, &command_clock,
};
enum { COMMANDS = sizeof commands / sizeof *commands };

int unusable(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	shown_complain(stderr, format, arguments);
	va_end(arguments);
	return EXIT_UNUSABLE;
}

static int print_help(void)
{
	(void)printf("assay tells what is inside a firmware image, what is known to be wrong with it, and which\n"
		     "baselines it meets, contradicts, or leaves unproven.\n\n"
		     "Usage: assay IMAGE [options]\n"
		     "       assay COMMAND ...\n\n"
		     "IMAGE is a file, a folder (an unpacked root file system, or files that are one product), a saved\n"
		     ".assay, or - for standard input. Several files and folders are one product with one grade.\n\n"
		     "Commands:\n");
	for (int i = 0; i < COMMANDS; i++) {
		char left[64];
		(void)snprintf(left, sizeof left, "%s %s", commands[i]->name, commands[i]->usage);
		(void)printf("  %-27s %s\n", left, commands[i]->summary);
	}
	(void)printf("\nOptions:\n");
	options_print(~0u);
	(void)printf("\nExit status: 0 done; 1 the asked gate failed; 2 the command or its input cannot be used;\n"
		     "3 internal error. 'assay COMMAND --help' names the options of a command; 'man assay' has examples.\n");
	return EXIT_DONE;
}

static int print_command_help(const struct command *command)
{
	(void)printf("Usage: assay %s %s [options]\n\n%s\n\nOptions:\n", command->name, command->usage, command->summary);
	options_print(command->options | OPTIONS_ANY);
	return EXIT_DONE;
}

static const struct command *find_command(const char *name)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static bool asks_for_help(int count, char **values)
{
	for (int i = 0; i < count && strcmp(values[i], "--") != 0; i++)
		if (strcmp(values[i], "--help") == 0 || strcmp(values[i], "-h") == 0)
			return true;
	return false;
}

/* A word that is no file and nearly a command was meant as one. */
static bool is_misspelt(const char *word)
{
	struct suggestion suggestion = suggestion_start(word, strlen(word));
	if (word[0] == '-' || access(word, F_OK) == 0)
		return false;
	for (int i = 0; i < COMMANDS; i++)
		suggestion_offer(&suggestion, commands[i]->name);
	if (suggestion.best[0])
		(void)unusable("there is no file or command %s; did you mean 'assay %s'?", word, suggestion.best);
	return suggestion.best[0] != '\0';
}

/* libarchive takes times without a zone for local ones: results would depend on the machine. */
static void forget_time_zone(void)
{
	(void)setenv("TZ", "UTC0", 1);
	tzset();
}

/* A descriptor that came closed would be taken by the next file that is opened, and written to as standard output. */
static void open_standard_descriptors(void)
{
	int descriptor;
	do {
		descriptor = open("/dev/null", O_RDONLY);
	} while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor > STDERR_FILENO)
		(void)close(descriptor);
}

/* Full disks, limits and readers that left come back as errors, which are told, instead of ending the program. */
static void expect_errors(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
}

/* What was printed must have arrived; only a reader that has had enough is no failure. */
static int flush_output(int status)
{
	struct stat standard;
	errno = 0;
	bool written = fflush(stdout) == 0 && !ferror(stdout);
	bool pipe = fstat(STDOUT_FILENO, &standard) == 0 && (S_ISFIFO(standard.st_mode) || S_ISSOCK(standard.st_mode));
	if (written || pipe || status == EXIT_UNUSABLE)
		return status;
	return unusable("cannot write standard output: %s", errno ? strerror(errno) : "it was cut off");
}

static int run(int argc, char **argv)
{
	const struct command *command = argc < 2 ? NULL : find_command(argv[1]);
	if (command && asks_for_help(argc - 2, argv + 2))
		return print_command_help(command);
	if (argc < 2 || asks_for_help(argc - 1, argv + 1) || strcmp(argv[1], "help") == 0) {
		(void)print_help();
		return argc < 2 ? EXIT_UNUSABLE : EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		(void)printf("assay %s\n", assay_version());
		return EXIT_DONE;
	}
	struct arguments arguments = { .count = argc - 1, .values = argv + 1 };
	if (command) {
		arguments.count--;
		arguments.values++;
	} else if (is_misspelt(argv[1])) {
		return EXIT_UNUSABLE;
	} else {
		command = &command_grade;
	}
	arguments.command = command;
	return command->run(&arguments);
}

int main(int argc, char **argv)
{
	open_standard_descriptors();
	expect_errors();
	forget_time_zone();
	return flush_output(run(argc, argv));
}
