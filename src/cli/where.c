/* assay where: which versions of everything that was ever shipped hold it. */
#include <stdio.h>
#include <string.h>

#include "cli/register.h"
#include "register/where.h"

enum { ARENA_CEILING = 1 << 30 };

static enum outcome ask(struct registry *registry, const char *what, struct arena *arena, struct places *out)
{
	static const char *const sightings[] = { "sha256", "key", "certificate", "host", "finding" };
	const char *colon = strchr(what, ':'), *at = strchr(what, '@');
	for (size_t i = 0; colon && i < sizeof sightings / sizeof *sightings; i++)
		if (span_equal_text(span_of(what, (size_t)(colon - what)), sightings[i]))
			return where_sighting(registry, sightings[i], span_of_text(colon + 1), arena, out);
	if (strncmp(what, "CVE-", 4) == 0)
		return where_vulnerability(registry, span_of_text(what), arena, out);
	struct span name = span_of(what, at ? (size_t)(at - what) : strlen(what));
	return where_component(registry, name, span_of_text(at ? at + 1 : ""), arena, out);
}

static void print_text(const struct places *places)
{
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++)
		(void)printf("  %-14s %6zu version%s\n", standing_name(standing), places->counts[standing],
			     places->counts[standing] == 1 ? "" : "s");
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->all[i];
		(void)printf("%s\t%.*s\t%.*s\t%.*s\t", standing_name(place->standing), SPAN_FORMAT(place->product),
			     SPAN_FORMAT(place->version), SPAN_FORMAT(place->component));
		(void)printf("%.*s\t%.*s\n", SPAN_FORMAT(place->reason), SPAN_FORMAT(place->as_of));
	}
}

static int run(const struct arguments *arguments)
{
	struct options options;
	struct registry registry;
	struct arena arena;
	struct places places;
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	if (options.operand_count != 1)
		return unusable("usage: assay where CVE | COMPONENT[@VERSION] | sha256:FILE | key:FINGERPRINT | host:NAME |"
				" finding:RULE");
	if (!register_open(&options, false, &registry))
		return EXIT_UNUSABLE;
	arena_init(&arena, ARENA_CEILING);
	enum outcome outcome = ask(&registry, options.operands[0], &arena, &places);
	int status = outcome == DONE ? EXIT_DONE : unusable("%s", registry.error);
	if (outcome == DONE)
		print_text(&places);
	arena_done(&arena);
	registry_close(&registry);
	return status;
}

const struct command command_where = {
	.name = "where",
	.usage = "CVE|COMPONENT|...",
	.summary = "which versions that were ever shipped hold it, and why the others do not",
	.options = OPTIONS_REGISTER | OPTIONS_TABLE,
	.run = run,
};
