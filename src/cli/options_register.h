/* How the options of a register and its cases are taken (options.c has the table of all). False after saying what is wrong. */
#ifndef ASSAY_CLI_OPTIONS_REGISTER_H
#define ASSAY_CLI_OPTIONS_REGISTER_H

#include "cli/options.h"

bool option_register(struct options *options, const char *value);
bool option_by(struct options *options, const char *value);
bool option_name(struct options *options, const char *value);
bool option_aware(struct options *options, const char *value);
bool option_kind(struct options *options, const char *value);
bool option_title(struct options *options, const char *value);
bool option_reporter(struct options *options, const char *value);
bool option_credit(struct options *options, const char *value);
bool option_at(struct options *options, const char *value);
bool option_until(struct options *options, const char *value);
bool option_reference(struct options *options, const char *value);
bool option_why(struct options *options, const char *value);
bool option_folder(struct options *options, const char *value);

#endif
