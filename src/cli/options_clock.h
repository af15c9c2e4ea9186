/* How the options of clocks are taken (options.c has the table of all). False after saying what is wrong. */
#ifndef ASSAY_CLI_OPTIONS_CLOCK_H
#define ASSAY_CLI_OPTIONS_CLOCK_H

#include "cli/options.h"

bool option_time(struct options *options, const char *value);
bool option_zone(struct options *options, const char *value);

#endif
