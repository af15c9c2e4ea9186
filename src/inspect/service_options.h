/* Options of uci that an init script of OpenWrt gives names of its own, and what else fills its variables. */
#ifndef ASSAY_INSPECT_SERVICE_OPTIONS_H
#define ASSAY_INSPECT_SERVICE_OPTIONS_H

#include "inspect/condition.h"

enum { SERVICE_OPTIONS_MAX = 256 };

struct service_options {
	struct condition_option options[SERVICE_OPTIONS_MAX];
	size_t count;
	struct span loaded; /* the package that config_load named last */
	bool several;       /* it named different ones: what config_get asks is then not told */
	bool open;          /* variables may be set elsewhere: a file is read in, a line evaluated, a word read */
};

/* Learns from a command; the same command again changes nothing. */
void service_options_see(struct service_options *options, const struct shell_command *command);

#endif
