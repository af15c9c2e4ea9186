/* How --format is taken (options.c has the table of all options). False after saying what is wrong. */
#ifndef ASSAY_CLI_OPTIONS_FORMAT_H
#define ASSAY_CLI_OPTIONS_FORMAT_H

#include "cli/options.h"

bool option_format(struct options *options, const char *value);
/* Whether a command knows what options->format_report names. */
bool option_knows_format(const struct command *command, const char *name);

#endif
