#include "cli/options_format.h"

#include <string.h>

/* What --format may name beside tables, and the commands that know it. */
static const struct {
	const char *name;
	unsigned groups;
} other_formats[] = {
	{ "openvex", OPTIONS_STATUS }, { "csaf-vex", OPTIONS_STATUS }, { "cyclonedx", OPTIONS_STATUS },
	{ "csv", OPTIONS_EXPORT }, { "markdown", OPTIONS_CHANGELOG }, { "html", OPTIONS_CHANGELOG },
};

bool option_knows_format(const struct command *command, const char *name)
{
	for (size_t i = 0; i < sizeof other_formats / sizeof *other_formats; i++)
		if (strcmp(name, other_formats[i].name) == 0)
			return command->options & other_formats[i].groups;
	return false;
}

bool option_format(struct options *options, const char *value)
{
	static const char *const names[] = { [TABLE_TEXT] = "text", [TABLE_TSV] = "tsv", [TABLE_JSON] = "json" };
	for (int i = 0; i <= TABLE_JSON; i++) {
		if (strcmp(value, names[i]) == 0) {
			options->format = (enum table_format)i;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof other_formats / sizeof *other_formats; i++)
		if (strcmp(value, other_formats[i].name) == 0)
			options->format_report = other_formats[i].name;
	return options->format_report || !unusable("--format is text, tsv or json, not: '%s'", value);
}
