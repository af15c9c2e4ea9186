/* The rows are those of a virtual table (https://www.sqlite.org/vtab.html) that has no other use. */
#include "vuln/row_source.h"

#include <stdio.h>
#include <stdlib.h>

#include "evidence/query.h"

enum { STATEMENT_SIZE = 512 };

/* What is being put into a table. */
struct filling {
	const struct row_source *source;
	enum outcome outcome;
};

struct rows_table {
	sqlite3_vtab base;
	struct filling *filling;
};

struct rows_cursor {
	sqlite3_vtab_cursor base;
	struct filling *filling;
	sqlite3_int64 number;
	bool more;
};

static int rows_connect(sqlite3 *database, void *context, int count, const char *const *arguments, sqlite3_vtab **out,
			char **error)
{
	(void)count;
	(void)arguments;
	(void)error;
	struct rows_table *table = calloc(1, sizeof *table);
	if (!table)
		return SQLITE_NOMEM;
	table->filling = context;
	*out = &table->base;
	return sqlite3_declare_vtab(database, "CREATE TABLE x (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14)");
}

static int rows_disconnect(sqlite3_vtab *table)
{
	free((struct rows_table *)(void *)table);
	return SQLITE_OK;
}

static int rows_plan(sqlite3_vtab *table, sqlite3_index_info *plan)
{
	(void)table;
	plan->estimatedCost = 1.0;
	return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct rows_cursor *cursor = calloc(1, sizeof *cursor);
	if (!cursor)
		return SQLITE_NOMEM;
	cursor->filling = ((struct rows_table *)(void *)table)->filling;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *base)
{
	free((struct rows_cursor *)(void *)base);
	return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *base)
{
	struct rows_cursor *cursor = (struct rows_cursor *)(void *)base;
	struct filling *filling = cursor->filling;
	cursor->more = filling->source->next(filling->source->context, &filling->outcome);
	cursor->number++;
	return filling->outcome == DONE ? SQLITE_OK : SQLITE_ERROR;
}

static int rows_filter(sqlite3_vtab_cursor *base, int plan, const char *name, int count, sqlite3_value **values)
{
	(void)plan;
	(void)name;
	(void)count;
	(void)values;
	return rows_next(base);
}

static int rows_end(sqlite3_vtab_cursor *base)
{
	return !((struct rows_cursor *)(void *)base)->more;
}

static int rows_column(sqlite3_vtab_cursor *base, sqlite3_context *out, int column)
{
	const struct row_source *source = ((struct rows_cursor *)(void *)base)->filling->source;
	source->column(source->context, out, column);
	return SQLITE_OK;
}

static int rows_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = ((struct rows_cursor *)(void *)base)->number;
	return SQLITE_OK;
}

static const sqlite3_module rows_module = {
	.xConnect = rows_connect, .xBestIndex = rows_plan, .xDisconnect = rows_disconnect, .xOpen = rows_open,
	.xClose = rows_close, .xFilter = rows_filter, .xNext = rows_next, .xEof = rows_end, .xColumn = rows_column,
	.xRowid = rows_number,
};

void row_text_whole(sqlite3_context *out, struct span text)
{
	sqlite3_result_text(out, text.size > 0 ? (const char *)text.data : "", (int)text.size, SQLITE_STATIC);
}

void row_text(sqlite3_context *out, struct span text)
{
	if (text.size > 0)
		row_text_whole(out, text);
}

enum outcome row_source_fill(sqlite3 *database, const char *into, int columns, const struct row_source *source)
{
	static const char names[] = "c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14";
	struct filling filling = { .source = source };
	char statement[STATEMENT_SIZE];
	int length = columns <= 10 ? columns * 4 - 2 : 40 + (columns - 10) * 5 - 2;
	(void)snprintf(statement, sizeof statement, "INSERT OR FAIL INTO %s SELECT %.*s FROM rows", into, length, names);
	if (sqlite3_create_module(database, "rows", &rows_module, &filling) != SQLITE_OK)
		return NO_MEMORY;
	enum outcome outcome = query_run(database, statement);
	(void)sqlite3_create_module(database, "rows", NULL, NULL);
	return filling.outcome != DONE ? filling.outcome : outcome;
}
