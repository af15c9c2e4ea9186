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

struct command;

/* Arguments of a command, without the program's and the command's names. */
struct arguments {
	int count;
	char **values;
	const struct command *command;
};

/* Groups of options: a command names those that it uses, and every other option is refused. */
enum option_group {
	OPTIONS_OUTPUTS = 1 << 0, /* reports, --out, --save */
	OPTIONS_JUDGING = 1 << 1, /* declarations, rules, catalogues, the match */
	OPTIONS_RUN = 1 << 2,     /* threads, limits, times */
	OPTIONS_TABLE = 1 << 3,   /* --format */
	OPTIONS_GATES = 1 << 4,   /* on a result */
	OPTIONS_FAIL_ON = 1 << 5, /* on a result or a difference */
	OPTIONS_STORE = 1 << 6,   /* --db */
	OPTIONS_FEEDS = 1 << 7,   /* --from */
	OPTIONS_STATUS = 1 << 9,  /* --status, and --format of VEX */
	OPTIONS_MAKING = 1 << 10, /* --alone: of a store that is built */
	OPTIONS_REPLACE = 1 << 11, /* --force: of one that is put in place */
	OPTIONS_FETCH = 1 << 12,  /* what to fetch, from where */
	OPTIONS_KEY = 1 << 13,    /* --key */
	OPTIONS_REGISTER = 1 << 14, /* --register */
	OPTIONS_NAMING = 1 << 15, /* --name */
	OPTIONS_CLOCK = 1 << 16,  /* --from of a time */
	OPTIONS_BY = 1 << 17, /* --by: of what writes into a register */
	OPTIONS_EXPORT = 1 << 20, /* --format of an export, --personal */
	OPTIONS_CHANGELOG = 1 << 21, /* --format of a changelog */
	OPTIONS_SINCE = 1 << 18, /* --since */
	OPTIONS_ZONE = 1 << 22,   /* --zone */
	OPTIONS_AWARE = 1 << 23,  /* of a case that is opened */
	OPTIONS_AT = 1 << 24,     /* --at */
	OPTIONS_UNTIL = 1 << 25,  /* --until */
	OPTIONS_REFERENCE = 1 << 26, /* --reference */
	OPTIONS_WHY = 1 << 27,    /* --why */
	OPTIONS_FOLDER = 1 << 28, /* --into of a case */
	OPTIONS_ANY = 1 << 8,     /* what no command minds: --help, --quiet, --no-color */
};

struct command {
	const char *name;
	const char *usage;   /* what follows the name: "IMAGE" */
	const char *summary; /* one line for --help */
	unsigned options;    /* of enum option_group */
	int (*run)(const struct arguments *arguments);
};

extern const struct command command_grade;
extern const struct command command_files;
extern const struct command command_components;
extern const struct command command_vulnerabilities;
extern const struct command command_findings;
extern const struct command command_requirements;
extern const struct command command_query;
extern const struct command command_schema;
extern const struct command command_diff;
extern const struct command command_watch;
extern const struct command command_db;
extern const struct command command_register;
extern const struct command command_where;
extern const struct command command_clock;
extern const struct command command_case;

/* Prints "assay: …" on standard error and gives EXIT_UNUSABLE. */
int unusable(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
