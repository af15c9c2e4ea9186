/*
 * assay register …: everything that was ever shipped. Each of its commands that does more than ask has a file of
 * its own.
 */
#include "cli/register.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "register/person.h"
#include "register/verify.h"
#include "register/version_list.h"

static const size_t LIST_CEILING = (size_t)128 << 20;

static int register_verify(const struct options *options)
{
	struct registry registry;
	struct verification found;
	int status = EXIT_DONE;
	if (options->operand_count > 2)
		return unusable("usage: assay register verify [HASH]");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	enum outcome outcome = verify(&registry, &found);
	const char *kept = options->operand_count == 2 ? options->operands[1] : NULL;
	static const char hash[] = "SELECT sequence FROM event WHERE hash = ?1";
	if (outcome == DONE && kept && registry_find(&registry, hash, span_of_text(kept)) == 0)
		outcome = registry_fail(&registry, MALFORMED, "no event has the hash %s: some were taken out, or it is another's",
					kept);
	if (outcome == DONE)
		(void)printf("%lld events hold; the last one's hash is %s\n", (long long)found.events, found.head);
	else if (outcome == MALFORMED)
		status = unusable("the register was altered: %s", registry.error), status = EXIT_GATE;
	else
		status = unusable("%s", registry.error);
	registry_close(&registry);
	return status;
}

static int register_import(const struct options *options)
{
	struct registry registry;
	struct file_view view;
	struct version_list_counts counts;
	if (options->operand_count != 2)
		return unusable("usage: assay register import FILE.csv");
	if (!file_view_open(options->operands[1], LIST_CEILING, &view))
		return unusable("%s: %s", options->operands[1], strerror(errno));
	int status = EXIT_UNUSABLE;
	if (register_open(options, true, &registry)) {
		if (version_list_take(&registry, view.bytes, &counts) == DONE)
			status = printf("%zu added, %zu changed, %zu as they were\n", counts.added, counts.changed, counts.same) < 0;
		else
			status = unusable("%s: %s", options->operands[1], registry.error);
		registry_close(&registry);
	}
	file_view_close(&view);
	return status;
}

/* Adds a person, or blanks what is known of one. */
static int change_person(const struct options *options, bool forget, const char *usage)
{
	struct registry registry;
	int64_t number;
	if (options->operand_count != 2)
		return unusable("usage: assay register %s", usage);
	if (!register_open(options, !forget, &registry))
		return EXIT_UNUSABLE;
	const struct person person = { .name = span_of_text(options->operands[1]) };
	enum outcome outcome = forget ? person_forget(&registry, person.name) : person_add(&registry, &person, &number);
	int status = outcome == DONE ? EXIT_DONE : unusable("%s", registry.error);
	registry_close(&registry);
	return status;
}

static int register_person(const struct options *options)
{
	return change_person(options, false, "person NAME");
}

static int register_forget(const struct options *options)
{
	return change_person(options, true, "forget NAME");
}

static const struct subcommand {
	struct command command; /* for its options alone */
	const char *word;
	int (*run)(const struct options *options);
} subcommands[] = {
	{ { .name = "register add", .usage = "FILE|FOLDER...",
	    .options = OPTIONS_REGISTER | OPTIONS_BY | OPTIONS_NAMING | OPTIONS_RUN | OPTIONS_STORE }, "add", register_add },
	{ { .name = "register import", .usage = "FILE.csv", .options = OPTIONS_REGISTER | OPTIONS_BY }, "import", register_import },
	{ { .name = "register person", .usage = "NAME", .options = OPTIONS_REGISTER | OPTIONS_BY }, "person", register_person },
	{ { .name = "register forget", .usage = "NAME", .options = OPTIONS_REGISTER | OPTIONS_BY }, "forget", register_forget },
	{ { .name = "register list", .usage = "", .options = OPTIONS_REGISTER | OPTIONS_TABLE }, "list", register_list },
	{ { .name = "register show", .usage = "PRODUCT [VERSION]", .options = OPTIONS_REGISTER | OPTIONS_TABLE }, "show",
	  register_show },
	{ { .name = "register diff", .usage = "PRODUCT@OLD PRODUCT@NEW",
	    .options = OPTIONS_REGISTER | OPTIONS_TABLE | OPTIONS_FAIL_ON | OPTIONS_CHANGELOG }, "diff", register_diff },
	{ { .name = "register export", .usage = "FOLDER", .options = OPTIONS_REGISTER | OPTIONS_EXPORT }, "export", register_export },
	{ { .name = "register backup", .usage = "FILE", .options = OPTIONS_REGISTER }, "backup", register_backup },
	{ { .name = "register rematch", .usage = "",
	    .options = OPTIONS_REGISTER | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_REPLACE }, "rematch", register_rematch },
	{ { .name = "register events", .usage = "", .options = OPTIONS_REGISTER | OPTIONS_SINCE | OPTIONS_TABLE }, "events",
	  register_events },
	{ { .name = "register verify", .usage = "[HASH]", .options = OPTIONS_REGISTER }, "verify", register_verify },
};

static int run(const struct arguments *arguments)
{
	struct options options;
	for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
		const struct subcommand *sub = &subcommands[i];
		const struct arguments its = { .count = arguments->count, .values = arguments->values, .command = &sub->command };
		if (arguments->count > 0 && strcmp(arguments->values[0], sub->word) == 0)
			return options_parse(&its, &options) ? sub->run(&options) : EXIT_UNUSABLE;
	}
	return unusable("usage: assay register add FILE|FOLDER... | import FILE.csv | list | show PRODUCT [VERSION] |"
			" diff PRODUCT@OLD PRODUCT@NEW | export FOLDER | backup FILE | person NAME | forget NAME |"
			" rematch | events | verify");
}

const struct command command_register = {
	.name = "register",
	.usage = "add|import|list|...",
	.summary = "keep everything that was ever shipped, and what is in it",
	.options = OPTIONS_REGISTER | OPTIONS_BY | OPTIONS_NAMING | OPTIONS_RUN | OPTIONS_STORE | OPTIONS_TABLE |
		   OPTIONS_FAIL_ON | OPTIONS_CHANGELOG | OPTIONS_EXPORT | OPTIONS_REPLACE | OPTIONS_SINCE,
	.run = run,
};
