/*
 * The command line: one file per command, one table of them (main.c). Exit status:
 * 0 done; 1 the asked gate failed; 2 the command or its input cannot be used;
 * 3 internal error.
 */
#ifndef ASSAY_CLI_COMMAND_H
#define ASSAY_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum exit_status { EXIT_DONE = 0, EXIT_GATE = 1, EXIT_UNUSABLE = 2, EXIT_INTERNAL = 3 };

/* Arguments of a command, without the program's and the command's names. */
struct arguments {
	int count;
	char **values;
};

struct command {
	const char *name;
	const char *usage;   /* what follows the name: "IMAGE" */
	const char *summary; /* one line for --help */
	int (*run)(const struct arguments *arguments);
};

extern const struct command command_grade;
extern const struct command command_files;
extern const struct command command_components;
extern const struct command command_vulnerabilities;
extern const struct command command_query;
extern const struct command command_diff;
extern const struct command command_db;

/* Prints "assay: …" on standard error and gives EXIT_UNUSABLE. */
int unusable(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
