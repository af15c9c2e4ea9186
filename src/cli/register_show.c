/* assay register list, and register show: what the register knows, as tables. */
#include <stdio.h>

#include "base/shown.h"
#include "cli/register.h"
#include "cli/register_table.h"
#include "cli/terminal.h"
#include "register/view.h"

enum { OUTPUT_CEILING = 1 << 30 };

int register_list(const struct options *options)
{
	struct registry registry;
	struct register_table table;
	if (options->operand_count != 1)
		return unusable("usage: assay register list");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	struct rows rows = view_versions(&registry);
	register_table_start(&table, &rows);
	enum outcome printed = table_print_source(&table.source, options->format);
	enum outcome read = registry_done(&registry, rows_end(&rows), "listing");
	int status = read != DONE ? unusable("%s", registry.error) : printed == DONE ? EXIT_DONE : EXIT_INTERNAL;
	registry_close(&registry);
	return status;
}

/* One row, down the page; what is not known is left out. */
static void print_one(const struct table_source *source)
{
	struct arena arena;
	arena_init(&arena, OUTPUT_CEILING);
	while (source->next(source->context)) {
		for (int i = 0; i < source->columns; i++) {
			struct value value = source->value(source->context, i);
			if (value.type == VALUE_NULL)
				continue;
			(void)printf("%-16s ", source->name(source->context, i));
			struct span shown = shown_text(&arena, value.text);
			terminal_print((const char *)shown.data, shown.size);
			(void)putchar('\n');
		}
	}
	arena_done(&arena);
}

static enum outcome print_part(struct registry *registry, const struct view_part *part, const struct view_of *of)
{
	struct register_table table;
	enum outcome printed = DONE;
	struct rows rows = view_rows(registry, part, of);
	register_table_start(&table, &rows);
	if (part->one) {
		print_one(&table.source);
	} else if (!table.over) {
		(void)printf("\n%s\n", part->name);
		printed = table_print_source(&table.source, TABLE_TEXT);
	}
	TRY(registry_done(registry, rows_end(&rows), part->name));
	return printed == DONE ? DONE : registry_fail(registry, printed, "%s: they are too many to be laid out", part->name);
}

static enum outcome print_parts(struct registry *registry, const struct view_part *part, const struct view_of *of)
{
	for (; part->name; part++)
		TRY(print_part(registry, part, of));
	return DONE;
}

static enum outcome print_json(struct registry *registry, const struct view_part *part, const struct view_of *of)
{
	struct buffer buffer;
	struct json json;
	enum outcome outcome = DONE;
	buffer_init(&buffer, OUTPUT_CEILING, NULL);
	json_init(&json, &buffer, false);
	json_object_open(&json);
	for (; part->name && outcome == DONE; part++) {
		struct register_table table;
		struct rows rows = view_rows(registry, part, of);
		register_table_start(&table, &rows);
		json_key(&json, part->name);
		table_write_json(&json, &table.source);
		outcome = registry_done(registry, rows_end(&rows), part->name);
	}
	json_object_close(&json);
	if (outcome == DONE && table_put_json(&json) != DONE)
		return registry_fail(registry, OVER_BUDGET, "it is too much to be written");
	buffer_done(&buffer);
	return outcome;
}

static enum outcome show(struct registry *registry, const struct options *options)
{
	struct view_of of;
	const char *version = options->operand_count > 2 ? options->operands[2] : "";
	TRY(view_find(registry, span_of_text(options->operands[1]), span_of_text(version), &of));
	const struct view_part *parts = of.version ? view_version_parts : view_product_parts;
	return options->format == TABLE_JSON ? print_json(registry, parts, &of) : print_parts(registry, parts, &of);
}

int register_show(const struct options *options)
{
	struct registry registry;
	if (options->operand_count < 2 || options->operand_count > 3)
		return unusable("usage: assay register show PRODUCT [VERSION]");
	if (options->format == TABLE_TSV)
		return unusable("--format of 'register show' is text or json; it is more than one table");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	int status = show(&registry, options) == DONE ? EXIT_DONE : unusable("%s", registry.error);
	registry_close(&registry);
	return status;
}
