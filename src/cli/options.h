/* Options that the commands share, as users expect them: --name VALUE, --name=VALUE, -h. */
#ifndef ASSAY_CLI_OPTIONS_H
#define ASSAY_CLI_OPTIONS_H

#include "cli/command.h"

enum { REPORTS_MAX = 16, FILES_MAX = 16, OPERANDS_MAX = 64 };

/* A report that was asked for, and where it goes ("-": standard output). */
struct wanted_report {
	const char *name;
	const char *path;
};

/* What --fail-on may name: severities from the worst on, and two more. */
enum fail_on {
	FAIL_CRITICAL = 1 << 0,
	FAIL_HIGH = 1 << 1,
	FAIL_MEDIUM = 1 << 2,
	FAIL_LOW = 1 << 3,
	FAIL_EXPLOITED = 1 << 4,
	FAIL_WORSE = 1 << 5, /* of a difference alone: the grade or the ceiling is lower */
};

enum table_format { TABLE_TEXT, TABLE_TSV, TABLE_JSON };

struct options {
	const char *operands[OPERANDS_MAX]; /* what is no option: IMAGE, SQL */
	int operand_count;
	struct wanted_report reports[REPORTS_MAX];
	int report_count;
	const char *save;
	const char *out;      /* a folder for every report */
	const char *product;
	const char *kernel_config;
	const char *rules[FILES_MAX];
	int rule_count;
	const char *catalogs[FILES_MAX];
	int catalog_count;
	const char *vex[FILES_MAX];
	int vex_count;
	const char *db;
	const char *from[FILES_MAX]; /* db build */
	int from_count;
	bool force, alone;    /* db build */
	const char *trust[FILES_MAX]; /* files of public keys */
	int trust_count;
	const char *key;      /* to sign or verify with */
	const char *feeds;    /* db update: names, parted by commas; NULL for all */
	const char *mirror, *proxy, *ca, *into;
	bool offline;
	const char *registry; /* a file or an address; NULL for the usual one */
	const char *by;       /* name of the person who writes; NULL for the program by itself */
	const char *aware, *at, *until; /* times of a case, as they were written */
	const char *kind, *title, *reporter, *credit, *reference, *why; /* of a case */
	const char *name;     /* pattern of paths that names product and version */
	bool personal;        /* export what is personal too */
	const char *time;     /* from which a clock runs */
	const char *zone;     /* of the TZ database, or an offset */
	long since;           /* number of the last event that is known already */
	unsigned jobs;
	unsigned timeout;     /* seconds; 0 for none */
	unsigned memory_limit; /* MiB; 0 for the default */
	int require_grade;    /* -1 for none */
	unsigned fail_on;     /* of enum fail_on */
	double max_opaque;    /* percent of the image; negative for none */
	enum table_format format;
	const char *format_report; /* --format of a report or an export instead of a table: NULL for none */
	const char *status;        /* of vulnerabilities: as --status gives it; NULL where it does not */
	bool no_vulnerabilities;
	bool quiet;
	bool no_color;
	bool times;           /* say how long each stage took */
	bool show_secrets;    /* do not mask them */
	bool help;
};

/* Parses a command's arguments. False after saying on standard error what is wrong. */
bool options_parse(const struct arguments *arguments, struct options *out);
/* Takes what may be given once: of two files only one would be used, and the other lost in silence. False after saying so. */
bool options_once(const char **field, const char *option, const char *value);
/* Prints the options of these groups for --help. */
void options_print(unsigned groups);

#endif
