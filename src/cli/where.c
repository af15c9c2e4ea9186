/* assay where: which versions of everything that was ever shipped hold it. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/register.h"
#include "cli/table.h"
#include "register/vulnerability.h"
#include "register/where.h"

enum { REASONS_MAX = 4, LISTED_MAX = 20 };
static const size_t ARENA_CEILING = (size_t)4 << 30, TEXT_CEILING = (size_t)1 << 30;

/* What can be asked for beside vulnerabilities and components. */
static const struct {
	const char *name;
	bool digest; /* 64 hexadecimal digits */
	bool small;  /* kept in small letters */
} kinds[] = {
	{ "sha256", true, true }, { "key", true, true }, { "certificate", true, true }, { "host", false, true },
	{ "finding", false, false },
};

static bool is_digest(struct span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (hex_digit(span_byte(text, i)) < 0)
			return false;
	return text.size == 64;
}

/* Nothing that is misspelt is asked for: an answer of nothing would read as if nothing held it. */
static enum outcome refuse(struct registry *registry, struct span what, const char *why)
{
	return registry_fail(registry, NOT_THIS, "'%.*s' %s", SPAN_FORMAT(what), why);
}

static enum outcome ask_component(struct registry *registry, struct span what, size_t most, struct arena *arena,
				  struct places *out)
{
	size_t at = span_find_byte(what, '@', 0);
	struct span name = span_trim(span_slice(what, 0, at)), version = SPAN_LITERAL("");
	static const char known[] = "SELECT id FROM component WHERE name = ?1";
	if (at != SPAN_NOT_FOUND && span_trim(span_from(what, at + 1)).size > 0)
		version = span_trim(span_from(what, at + 1));
	if (registry_find(registry, known, name) == 0)
		name = arena_small_letters(arena, name);
	if (registry_find(registry, known, name) == 0)
		return refuse(registry, what, "is no component that anything in the register holds, no CVE number, and no kind of"
			      " thing with a colon");
	return where_component(registry, name, version, most, arena, out);
}

static enum outcome ask(struct registry *registry, struct span what, size_t most, struct arena *arena, struct places *out)
{
	char cve[VULNERABILITY_NAME_ROOM];
	size_t colon = span_find_byte(what, ':', 0);
	for (size_t i = 0; colon != SPAN_NOT_FOUND && i < sizeof kinds / sizeof *kinds; i++) {
		struct span value = span_trim(span_from(what, colon + 1));
		if (!span_equal_text(span_slice(what, 0, colon), kinds[i].name))
			continue;
		if (kinds[i].small)
			value = arena_small_letters(arena, value);
		if (value.size == 0 || (kinds[i].digest && !is_digest(value)))
			return refuse(registry, what, kinds[i].digest ? "wants 64 hexadecimal digits behind the colon"
								      : "wants something behind the colon");
		return where_sighting(registry, kinds[i].name, value, most, arena, out);
	}
	if (vulnerability_spelt(what, cve))
		return where_vulnerability(registry, span_of_text(cve), most, arena, out);
	return ask_component(registry, what, most, arena, out);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* "affected  14 versions of 5 products (9 still supported), since 2019-04", and under it why. */
static void print_group(enum standing standing, const struct place_group *group)
{
	(void)printf("  %-14s %8zu version%s", standing_name(standing), group->versions, plural(group->versions));
	if (group->counted && group->versions > 0)
		(void)printf(" of %zu product%s (%zu still supported)", group->products, plural(group->products), group->supported);
	if (group->since)
		(void)printf(", since %04d-%02d", group->since / 10000, group->since / 100 % 100);
	(void)printf("\n");
	for (size_t i = 0; i < group->reason_count && i < REASONS_MAX; i++)
		(void)printf("                 %8zu %.*s\n", group->reasons[i].versions, SPAN_FORMAT(group->reasons[i].words));
	if (group->reason_count > REASONS_MAX)
		(void)printf("                          and %zu more reasons\n", group->reason_count - REASONS_MAX);
}

static void print_text(const struct places *places)
{
	size_t all = 0;
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
		print_group(standing, &places->groups[standing]);
		all += places->groups[standing].versions;
	}
	if (places->store.size > 0)
		(void)printf("  as of %.*s, data up to %.*s\n", SPAN_FORMAT(places->store), SPAN_FORMAT(places->store_date));
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->all[i];
		(void)printf("%s%-12s  %.*s %.*s", i == 0 ? "\n" : "", standing_name(place->standing), SPAN_FORMAT(place->product),
			     SPAN_FORMAT(place->version));
		if (place->component.size > 0)
			(void)printf("  %.*s", SPAN_FORMAT(place->component));
		if (place->supported_until.size > 0)
			(void)printf("  supported until %.*s", SPAN_FORMAT(place->supported_until));
		(void)printf("\n");
	}
	if (all > places->count)
		(void)printf("and %zu more: --format tsv or json lists all\n", all - places->count);
}

static const char *const columns[] = { "standing", "product", "version", "shipped", "supported_until", "component", "reason",
				       "as_of" };
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct span cell(const void *rows, size_t number, int column)
{
	const struct place *place = (const struct place *)rows + number;
	const struct span texts[COLUMNS] = { span_of_text(standing_name(place->standing)), place->product, place->version,
					     place->shipped, place->supported_until, place->component, place->reason,
					     place->as_of };
	return texts[column];
}

static void write_groups(struct json *json, const struct places *places)
{
	json_key(json, "groups");
	json_object_open(json);
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
		const struct place_group *group = &places->groups[standing];
		json_key(json, standing_name(standing));
		json_object_open(json);
		json_member_integer(json, "versions", (int64_t)group->versions);
		json_member_integer(json, "products", (int64_t)group->products);
		json_member_integer(json, "supported", (int64_t)group->supported);
		json_key(json, "reasons");
		json_array_open(json);
		for (size_t i = 0; i < group->reason_count; i++) {
			json_object_open(json);
			json_member_string(json, "reason", group->reasons[i].words);
			json_member_integer(json, "versions", (int64_t)group->reasons[i].versions);
			json_object_close(json);
		}
		json_array_close(json);
		json_object_close(json);
	}
	json_object_close(json);
}

static bool print_json(const char *what, const struct places *places, const struct table_source *source)
{
	struct buffer text;
	struct json json;
	buffer_init(&text, TEXT_CEILING, NULL);
	json_init(&json, &text, false);
	json_object_open(&json);
	json_member_text(&json, "question", what);
	value_write_member(&json, "store", value_text_if(places->store));
	value_write_member(&json, "store_date", value_text_if(places->store_date));
	write_groups(&json, places);
	json_key(&json, "versions");
	table_write_json(&json, source);
	json_object_close(&json);
	return table_put_json(&json) == DONE || !unusable("out of memory");
}

static int print(const struct options *options, const struct places *places)
{
	struct table_texts texts = { columns, COLUMNS, cell, places->all, places->count, 0 };
	const struct table_source source = table_of_texts(&texts);
	if (options->format == TABLE_TEXT)
		print_text(places);
	else if (options->format == TABLE_TSV)
		return table_print_source(&source, TABLE_TSV) == DONE ? EXIT_DONE : EXIT_INTERNAL;
	else if (!print_json(options->operands[0], places, &source))
		return EXIT_UNUSABLE;
	return EXIT_DONE;
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
	size_t most = options.format == TABLE_TEXT ? (size_t)LISTED_MAX : PLACES_ALL;
	enum outcome outcome = ask(&registry, span_trim(span_of_text(options.operands[0])), most, &arena, &places);
	int status = outcome == DONE ? print(&options, &places) : unusable("%s", registry.error);
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
