#include "cli/register_table.h"

#include <stdio.h>

static bool next(void *context)
{
	struct register_table *table = context;
	if (table->first) {
		table->first = false;
		return true;
	}
	return !table->over && rows_next(table->rows);
}

static const char *name(void *context, int column)
{
	const struct register_table *table = context;
	return rows_name(table->rows, column);
}

static struct value value(void *context, int column)
{
	struct register_table *table = context;
	struct value value = rows_value(table->rows, column);
	char *number = table->numbers[column];
	if (value.type == VALUE_INTEGER)
		(void)snprintf(number, REGISTER_TABLE_NUMBER, "%lld", (long long)value.integer);
	else if (value.type == VALUE_REAL)
		(void)snprintf(number, REGISTER_TABLE_NUMBER, "%.9g", value.real);
	if (value.type == VALUE_INTEGER || value.type == VALUE_REAL)
		value.text = span_of_text(number);
	return value;
}

/* How many columns there are is known once the first row was asked for. */
void register_table_start(struct register_table *table, struct rows *rows)
{
	*table = (struct register_table){ .rows = rows };
	table->first = rows_next(rows);
	table->over = !table->first;
	int columns = rows_columns(rows);
	table->source = (struct table_source){
		table, columns < REGISTER_TABLE_COLUMNS ? columns : REGISTER_TABLE_COLUMNS, next, name, value,
	};
}
