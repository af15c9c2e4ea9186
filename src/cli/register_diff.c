/* assay register diff PRODUCT@OLD PRODUCT@NEW: what a release mended and broke. */
#include <stdio.h>
#include <string.h>

#include "cli/gate.h"
#include "cli/register.h"
#include "cli/register_changelog.h"
#include "cli/table.h"

enum { ARENA_CEILING = 1 << 30, OUTPUT_CEILING = 1 << 30 };

static const char *const columns[] = { "change", "what", "severity", "exploited", "before", "after", "why" };
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct span cell(const void *rows, size_t number, int column)
{
	const struct difference_row *row = (const struct difference_row *)rows + number;
	const struct span texts[COLUMNS] = { span_of_text(difference_aspect_name(row->aspect)), row->what, row->severity,
					     row->exploited, row->before, row->after, row->why };
	return texts[column];
}

static void write_side(struct json *json, const char *key, const struct difference_side *side)
{
	json_key(json, key);
	json_object_open(json);
	json_member_string(json, "product", side->product);
	json_member_string(json, "version", side->version);
	value_write_member(json, "grade", side->grade >= 0 ? value_integer(side->grade) : VALUE_NONE);
	json_member_boolean(json, "whole", side->whole);
	json_object_close(json);
}

static bool print_json(const struct difference *difference, const struct table_source *source)
{
	struct buffer buffer;
	struct json json;
	buffer_init(&buffer, OUTPUT_CEILING, NULL);
	json_init(&json, &buffer, false);
	json_object_open(&json);
	write_side(&json, "old", &difference->old);
	write_side(&json, "new", &difference->new);
	json_key(&json, "caveats");
	json_array_open(&json);
	for (size_t i = 0; i < difference->caveat_count; i++)
		json_string(&json, difference->caveats[i]);
	json_array_close(&json);
	json_key(&json, "changes");
	table_write_json(&json, source);
	json_object_close(&json);
	return table_put_json(&json) == DONE;
}

static bool print(const struct difference *difference, const struct options *options)
{
	struct table_texts texts = { columns, COLUMNS, cell, difference->rows, difference->count, 0 };
	const struct table_source source = table_of_texts(&texts);
	const char *other = options->format_report;
	if (other)
		return changelog_print(difference, strcmp(other, "html") == 0 ? CHANGELOG_HTML : CHANGELOG_MARKDOWN);
	if (options->format == TABLE_TEXT)
		return changelog_print(difference, CHANGELOG_TEXT);
	return options->format == TABLE_JSON ? print_json(difference, &source) : table_print_source(&source, TABLE_TSV) == DONE;
}

/* Of what is new, as 'assay diff' has it; the register knows no severity of findings. */
static int check(const struct difference *difference, unsigned fail_on)
{
	size_t severe = 0, exploited = 0;
	for (size_t i = 0; i < difference->count; i++) {
		const struct difference_row *row = &difference->rows[i];
		char severity[16];
		if (row->aspect != DIFFERENCE_NEW)
			continue;
		(void)snprintf(severity, sizeof severity, "%.*s", SPAN_FORMAT(row->severity));
		severe += gate_is_severe(fail_on, severity);
		exploited += (fail_on & FAIL_EXPLOITED) && row->exploited.size > 0;
	}
	bool worse = (fail_on & FAIL_WORSE) && difference->new.grade < difference->old.grade;
	if (severe > 0)
		(void)fprintf(stderr, "assay: %zu newly affected of that severity or above (--fail-on)\n", severe);
	if (exploited > 0)
		(void)fprintf(stderr, "assay: %zu newly affected that are exploited (--fail-on exploited)\n", exploited);
	if (worse)
		(void)fprintf(stderr, "assay: the grade is lower, or there is none any more (--fail-on worse)\n");
	return severe > 0 || exploited > 0 || worse ? EXIT_GATE : EXIT_DONE;
}

static enum outcome find(struct registry *registry, const struct options *options, struct arena *arena, struct difference *out)
{
	struct view_of old, new;
	TRY(registry_done(registry, database_begin_reading(registry->database), "comparing versions"));
	TRY(view_find_at(registry, span_of_text(options->operands[1]), &old));
	TRY(view_find_at(registry, span_of_text(options->operands[2]), &new));
	TRY(difference_find(registry, &old, &new, arena, out));
	return registry_done(registry, database_commit(registry->database), "comparing versions");
}

int register_diff(const struct options *options)
{
	struct registry registry;
	struct arena arena;
	struct difference difference;
	int status = EXIT_UNUSABLE;
	if (options->operand_count != 3)
		return unusable("usage: assay register diff PRODUCT@OLD PRODUCT@NEW");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	arena_init(&arena, ARENA_CEILING);
	if (find(&registry, options, &arena, &difference) != DONE)
		(void)unusable("%s", registry.error);
	else
		status = print(&difference, options) ? check(&difference, options->fail_on) : EXIT_INTERNAL;
	arena_done(&arena);
	registry_close(&registry);
	return status;
}
