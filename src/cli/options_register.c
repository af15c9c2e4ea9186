#include "cli/options_register.h"

bool option_register(struct options *options, const char *value)
{
	return options_once(&options->registry, "--register", value);
}

bool option_by(struct options *options, const char *value)
{
	return options_once(&options->by, "--by", value);
}

bool option_name(struct options *options, const char *value)
{
	return options_once(&options->name, "--name", value);
}

bool option_aware(struct options *options, const char *value)
{
	return options_once(&options->aware, "--aware", value);
}

bool option_kind(struct options *options, const char *value)
{
	return options_once(&options->kind, "--kind", value);
}

bool option_title(struct options *options, const char *value)
{
	return options_once(&options->title, "--title", value);
}

bool option_reporter(struct options *options, const char *value)
{
	return options_once(&options->reporter, "--reporter", value);
}

bool option_credit(struct options *options, const char *value)
{
	return options_once(&options->credit, "--credit", value);
}

bool option_at(struct options *options, const char *value)
{
	return options_once(&options->at, "--at", value);
}

bool option_until(struct options *options, const char *value)
{
	return options_once(&options->until, "--until", value);
}

bool option_reference(struct options *options, const char *value)
{
	return options_once(&options->reference, "--reference", value);
}

bool option_why(struct options *options, const char *value)
{
	return options_once(&options->why, "--why", value);
}

bool option_folder(struct options *options, const char *value)
{
	return options_once(&options->into, "--into", value);
}
