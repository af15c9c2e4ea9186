#include "cli/options_store.h"

#include <stdlib.h>

#include <string.h>

bool option_trust(struct options *options, const char *value)
{
	if (options->trust_count == FILES_MAX)
		return !unusable("too many --trust: '%s'", value);
	options->trust[options->trust_count++] = value;
	return true;
}

bool option_key(struct options *options, const char *value)
{
	return options_once(&options->key, "--key", value);
}

bool option_feeds(struct options *options, const char *value)
{
	return options_once(&options->feeds, "--feeds", value);
}

bool option_mirror(struct options *options, const char *value)
{
	if (strncmp(value, "https://", 8) != 0 && strncmp(value, "http://", 7) != 0)
		return !unusable("--mirror wants an address that begins with https:// or http://: '%s'", value);
	return options_once(&options->mirror, "--mirror", value);
}

bool option_proxy(struct options *options, const char *value)
{
	return options_once(&options->proxy, "--proxy", value);
}

bool option_ca(struct options *options, const char *value)
{
	return options_once(&options->ca, "--ca", value);
}

bool option_into(struct options *options, const char *value)
{
	return options_once(&options->into, "--into", value);
}

bool option_offline(struct options *options, const char *value)
{
	(void)value;
	return options->offline = true;
}

bool option_since(struct options *options, const char *value)
{
	char *end = NULL;
	options->since = strtol(value, &end, 10);
	return (*value && !*end && options->since >= 0) || !unusable("--since wants the number of an event: '%s'", value);
}
