/* How the options of vulnerability stores are taken (options.c has the table of all). False after saying what is wrong. */
#ifndef ASSAY_CLI_OPTIONS_STORE_H
#define ASSAY_CLI_OPTIONS_STORE_H

#include "cli/options.h"

bool option_trust(struct options *options, const char *value);
bool option_key(struct options *options, const char *value);
bool option_feeds(struct options *options, const char *value);
bool option_mirror(struct options *options, const char *value);
bool option_proxy(struct options *options, const char *value);
bool option_ca(struct options *options, const char *value);
bool option_into(struct options *options, const char *value);
bool option_offline(struct options *options, const char *value);

/* --since: the number of an event. */
bool option_since(struct options *options, const char *value);

#endif
