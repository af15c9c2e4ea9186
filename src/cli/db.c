/* assay db …: the vulnerability store. Each of its commands has a file of its own. */
#include "cli/db.h"

#include <string.h>

static const struct subcommand {
	struct command command; /* for its options alone */
	const char *word;
	int operands;
	int (*run)(const struct options *options);
} subcommands[] = {
	{ { .name = "db build", .usage = "--from DIR", .options = OPTIONS_STORE | OPTIONS_FEEDS | OPTIONS_MAKING | OPTIONS_REPLACE },
	  "build", 0, db_build },
	{ { .name = "db update", .usage = "", .options = OPTIONS_STORE | OPTIONS_FETCH | OPTIONS_MAKING | OPTIONS_REPLACE },
	  "update", 0, db_update },
	{ { .name = "db import", .usage = "FILE", .options = OPTIONS_STORE | OPTIONS_REPLACE }, "import", 1, db_import },
	{ { .name = "db info", .usage = "", .options = OPTIONS_STORE | OPTIONS_TABLE }, "info", 0, db_info },
	{ { .name = "db sign", .usage = "STORE --key SECRET", .options = OPTIONS_KEY }, "sign", 1, db_sign },
	{ { .name = "db verify", .usage = "STORE [--key PUBLIC]", .options = OPTIONS_KEY | OPTIONS_STORE }, "verify", 1, db_verify },
	{ { .name = "db key", .usage = "FILE", .options = OPTIONS_ANY }, "key", 1, db_key },
};

/* The first argument that is one of their words. */
static const struct subcommand *find(const struct arguments *arguments)
{
	for (int i = 0; i < arguments->count; i++)
		for (size_t k = 0; k < sizeof subcommands / sizeof *subcommands; k++)
			if (strcmp(arguments->values[i], subcommands[k].word) == 0)
				return &subcommands[k];
	return NULL;
}

static int run(const struct arguments *arguments)
{
	struct options options;
	const struct subcommand *sub = find(arguments);
	if (!sub)
		return unusable("usage: assay db build --from DIR | update | import FILE | info | sign STORE --key SECRET |"
				" verify STORE | key FILE");
	const struct arguments its = { .count = arguments->count, .values = arguments->values, .command = &sub->command };
	if (!options_parse(&its, &options))
		return EXIT_UNUSABLE;
	if (options.operand_count != sub->operands + 1 || strcmp(options.operands[0], sub->word) != 0)
		return unusable("usage: assay %s %s", sub->command.name, sub->command.usage);
	return sub->run(&options);
}

const struct command command_db = {
	.name = "db",
	.usage = "build|update|info|...",
	.summary = "make, fetch, import, sign, verify and describe the vulnerability store",
	.options = OPTIONS_STORE | OPTIONS_FEEDS | OPTIONS_MAKING | OPTIONS_REPLACE | OPTIONS_FETCH | OPTIONS_KEY | OPTIONS_TABLE,
	.run = run,
};
