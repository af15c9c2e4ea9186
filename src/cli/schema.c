/* assay schema [TABLE]: what the evidence is made of. */
#include <stdio.h>
#include <string.h>

#include "assay/assay.h"
#include "cli/query.h"
#include "cli/suggest.h"

static const char tables_sql[] = "SELECT t.name AS \"table\", (SELECT group_concat(name, ', ') FROM (SELECT name FROM"
				 " schema_column WHERE table_name = t.name ORDER BY number)) AS columns, t.meaning"
				 " FROM schema_table t ORDER BY t.temporary, t.rowid";

/* Whether there is a table of that name; the nearest ones are offered. */
static bool is_table(struct assay *schema, const char *name, struct suggestion *suggestion)
{
	struct assay_rows *rows = NULL;
	bool found = false;
	if (assay_query(schema, "SELECT name FROM schema_table ORDER BY name", 0, &rows) != ASSAY_DONE)
		return false;
	while (assay_rows_next(rows)) {
		found |= strcmp(assay_rows_text(rows, 0, NULL), name) == 0;
		suggestion_offer(suggestion, assay_rows_text(rows, 0, NULL));
	}
	return assay_rows_end(rows) == ASSAY_DONE && found;
}

static int print_columns(struct assay *schema, const char *name, const struct options *options)
{
	char sql[512];
	struct suggestion suggestion = suggestion_start(name, strlen(name));
	if (!is_table(schema, name, &suggestion))
		return suggestion.best[0] ? unusable("there is no table %s; did you mean %s?", name, suggestion.best)
					  : unusable("there is no table %s; 'assay schema' lists them", name);
	/* The name is one of the schema's own. */
	(void)snprintf(sql, sizeof sql, "SELECT name AS \"column\", type, meaning FROM schema_column WHERE table_name = '%s'"
					" ORDER BY number", name);
	return query_print(schema, sql, options);
}

static int run(const struct arguments *arguments)
{
	struct options options;
	struct assay *schema = NULL;
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	if (options.operand_count > 1)
		return unusable("usage: assay schema [TABLE]");
	int status = EXIT_INTERNAL;
	if (assay_schema(&schema) != ASSAY_DONE)
		(void)unusable("the schema cannot be made: %s", assay_error(schema));
	else if (options.operand_count == 1)
		status = print_columns(schema, options.operands[0], &options);
	else
		status = query_print(schema, tables_sql, &options);
	assay_free(schema);
	return status;
}

const struct command command_schema = {
	.name = "schema",
	.usage = "[TABLE]",
	.summary = "list the tables of the evidence, or the columns of one",
	.options = OPTIONS_TABLE,
	.run = run,
};
