/* config_load, config_get and config_get_bool of OpenWrt's functions.sh; uci_validate_section of its procd.sh. */
#include "inspect/service_options.h"

#include "inspect/lines.h"

static void add(struct service_options *options, struct condition_option option)
{
	for (size_t i = 0; i < options->count; i++)
		if (span_equal(options->options[i].variable, option.variable)) {
			/* The same name for another option: neither is told. */
			if (!span_equal(options->options[i].option, option.option))
				options->options[i].option = SPAN_NONE;
			return;
		}
	if (options->count < SERVICE_OPTIONS_MAX && option.variable.size > 0)
		options->options[options->count++] = option;
}

/* 'enable:bool:1': name, type, and the value where nothing sets it. */
static void see_declaration(struct service_options *options, struct span package, struct span word)
{
	struct span name, type, fallback = word;
	if (span_find_byte(word, ':', 0) == SPAN_NOT_FOUND || !span_next_field(&fallback, ':', &name) ||
	    !span_next_field(&fallback, ':', &type))
		return;
	add(options, (struct condition_option){ .variable = name, .package = package, .option = name,
						.fallback = fallback.size > 0 ? fallback : SPAN_LITERAL("") });
}

void service_options_see(struct service_options *options, const struct shell_command *command)
{
	static const char *const opens[] = { ".", "source", "eval", "read", "getopts", "include", NULL };
	struct span name = command->words[0];
	if (command->count > 1 && (span_equal_text(name, "command") || span_equal_text(name, "builtin")))
		name = command->words[1];
	options->open |= is_one_of(name, opens);
	if (span_equal_text(name, "config_load") && command->count > 1) {
		options->several |= options->loaded.size > 0 && !span_equal(options->loaded, command->words[1]);
		options->loaded = command->words[1];
	}
	bool validates = span_equal_text(name, "uci_validate_section") || span_equal_text(name, "uci_load_validate");
	for (size_t i = 4; validates && i < command->count; i++)
		see_declaration(options, command->words[1], command->words[i]);
	if ((span_equal_text(name, "config_get") || span_equal_text(name, "config_get_bool")) && command->count > 3)
		add(options, (struct condition_option){ .variable = command->words[1], .option = command->words[3],
							.fallback = command->count > 4 ? command->words[4] : SPAN_LITERAL("") });
}
