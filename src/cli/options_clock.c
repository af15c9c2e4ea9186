#include "cli/options_clock.h"

bool option_time(struct options *options, const char *value)
{
	return options_once(&options->time, "--from", value);
}

bool option_zone(struct options *options, const char *value)
{
	return options_once(&options->zone, "--zone", value);
}
