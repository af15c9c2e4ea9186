#include "cli/table.h"

#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

enum { COLUMNS_MAX = 64, WIDTH_MAX = 80, ARENA_CEILING = 1 << 30, OUTPUT_CEILING = 1 << 30 };

struct row {
	struct span *cells;
	struct row *next;
};

struct rows {
	struct arena arena;
	struct row *first, *last;
	int columns;
	size_t widths[COLUMNS_MAX];
};

/* Columns on the terminal that a text takes: one for each character. */
static size_t width_of(struct span text)
{
	size_t width = 0;
	while (text.size > 0) {
		size_t length = text_utf8_length(text);
		text = span_from(text, length > 0 ? length : 1);
		width++;
	}
	return width;
}

static enum outcome add_row(struct rows *rows, struct span (*cell)(void *, int), void *context)
{
	struct row *row = ARENA_NEW(&rows->arena, struct row, 1);
	struct span *cells = ARENA_NEW(&rows->arena, struct span, (size_t)rows->columns);
	if (!row || !cells)
		return NO_MEMORY;
	row->cells = cells;
	for (int i = 0; i < rows->columns; i++) {
		cells[i] = text_printable(&rows->arena, cell(context, i));
		size_t width = width_of(cells[i]);
		if (width > rows->widths[i])
			rows->widths[i] = width < WIDTH_MAX ? width : WIDTH_MAX;
	}
	if (rows->last)
		rows->last->next = row;
	else
		rows->first = row;
	rows->last = row;
	return DONE;
}

static struct span name_cell(void *context, int column)
{
	return span_of_text(sqlite3_column_name(((struct query *)context)->statement, column));
}

static struct span value_cell(void *context, int column)
{
	return query_text(context, column);
}

static void print_row(const struct rows *rows, const struct row *row)
{
	for (int i = 0; i < rows->columns; i++) {
		bool last = i + 1 == rows->columns;
		size_t width = width_of(row->cells[i]);
		(void)fwrite(row->cells[i].data, 1, row->cells[i].size, stdout);
		size_t to = width > rows->widths[i] ? width : rows->widths[i];
		for (size_t pad = width; !last && pad < to + 2; pad++)
			(void)putchar(' ');
	}
	(void)putchar('\n');
}

static enum outcome print_text(struct query *query, struct rows *rows)
{
	TRY(add_row(rows, name_cell, query));
	while (query_next(query))
		TRY(add_row(rows, value_cell, query));
	for (const struct row *row = rows->first; row; row = row->next)
		print_row(rows, row);
	return DONE;
}

static enum outcome print_aligned(struct query *query)
{
	struct rows rows = { .columns = sqlite3_column_count(query->statement) };
	if (rows.columns > COLUMNS_MAX)
		rows.columns = COLUMNS_MAX;
	arena_init(&rows.arena, ARENA_CEILING);
	enum outcome outcome = print_text(query, &rows);
	arena_done(&rows.arena);
	return outcome;
}

/* Tabs, line ends and backslashes of a value are written as \t, \n, \\. */
static void print_tsv_cell(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t byte = span_byte(text, i);
		if (byte == '\t' || byte == '\n' || byte == '\\')
			(void)printf("\\%c", byte == '\t' ? 't' : byte == '\n' ? 'n' : '\\');
		else
			(void)putchar(byte);
	}
}

static enum outcome print_tsv(struct query *query)
{
	int columns = sqlite3_column_count(query->statement);
	for (int i = 0; i < columns; i++)
		(void)printf("%s%s", i > 0 ? "\t" : "", sqlite3_column_name(query->statement, i));
	(void)putchar('\n');
	while (query_next(query)) {
		for (int i = 0; i < columns; i++) {
			(void)fputs(i > 0 ? "\t" : "", stdout);
			print_tsv_cell(query_text(query, i));
		}
		(void)putchar('\n');
	}
	return DONE;
}

static void write_json_value(struct json *json, const struct query *query, int column)
{
	switch (sqlite3_column_type(query->statement, column)) {
	case SQLITE_NULL:
		json_null(json);
		break;
	case SQLITE_INTEGER:
		json_integer(json, query_integer(query, column));
		break;
	case SQLITE_FLOAT:
		json_number(json, query_real(query, column), 9);
		break;
	default:
		json_string(json, query_text(query, column));
	}
}

static enum outcome print_json(struct query *query)
{
	struct buffer buffer;
	struct json json;
	buffer_init(&buffer, OUTPUT_CEILING, NULL);
	json_init(&json, &buffer, false);
	json_array_open(&json);
	while (query_next(query)) {
		json_object_open(&json);
		for (int i = 0; i < sqlite3_column_count(query->statement); i++) {
			json_key(&json, sqlite3_column_name(query->statement, i));
			write_json_value(&json, query, i);
		}
		json_object_close(&json);
	}
	json_array_close(&json);
	enum outcome outcome = json_done(&json);
	if (outcome == DONE)
		(void)fwrite(buffer.data, 1, buffer.size, stdout);
	buffer_done(&buffer);
	return outcome;
}

enum outcome table_print(struct query *query, enum table_format format)
{
	static enum outcome (*const printers[])(struct query *) = {
		[TABLE_TEXT] = print_aligned, [TABLE_TSV] = print_tsv, [TABLE_JSON] = print_json,
	};
	return printers[format](query);
}
