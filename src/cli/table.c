#include "cli/table.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "base/text.h"
#include "cli/terminal.h"

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

static enum outcome add_row(struct rows *rows, struct span (*cell)(void *, int), void *context)
{
	struct row *row = ARENA_NEW(&rows->arena, struct row, 1);
	struct span *cells = ARENA_NEW(&rows->arena, struct span, (size_t)rows->columns);
	if (!row || !cells)
		return NO_MEMORY;
	row->cells = cells;
	for (int i = 0; i < rows->columns; i++) {
		cells[i] = shown_text(&rows->arena, cell(context, i));
		size_t width = text_utf8_count(cells[i]);
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
		size_t width = text_utf8_count(row->cells[i]);
		terminal_print((const char *)row->cells[i].data, row->cells[i].size);
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

/* A spreadsheet would run a text that begins so, or take away its quotes first: an apostrophe before it says that it is text. */
static bool is_run(struct span text)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\"", "'", "\t", "\r", "\n", "\xef\xbc\x9d",
					      "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (span_starts_text(text, starts[i]))
			return true;
	return false;
}

/* Tabs, line ends and backslashes of a value are written as \t, \n, \r, \\. */
static void print_tsv_text(struct span text)
{
	static const char escaped[] = "\t\n\r\\", letters[] = "tnr\\";
	if (is_run(text))
		(void)putchar('\'');
	while (text.size > 0) {
		bool safe;
		size_t length = shown_character(text, &safe);
		uint8_t byte = span_byte(text, 0);
		const char *escape = byte ? strchr(escaped, byte) : NULL;
		struct span piece = safe ? span_slice(text, 0, length) : SHOWN_REPLACEMENT;
		if (escape)
			(void)printf("\\%c", letters[escape - escaped]);
		else
			(void)fwrite(piece.data, 1, piece.size, stdout);
		text = span_from(text, length);
	}
}

/* A number is no formula, whatever its sign. */
static void print_tsv_cell(const struct query *query, int column)
{
	int type = sqlite3_column_type(query->statement, column);
	struct span text = query_text(query, column);
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		(void)fwrite(text.data, 1, text.size, stdout);
	else
		print_tsv_text(text);
}

static enum outcome print_tsv(struct query *query)
{
	int columns = sqlite3_column_count(query->statement);
	for (int i = 0; i < columns; i++) {
		(void)fputs(i > 0 ? "\t" : "", stdout);
		print_tsv_text(span_of_text(sqlite3_column_name(query->statement, i)));
	}
	(void)putchar('\n');
	while (query_next(query)) {
		for (int i = 0; i < columns; i++) {
			(void)fputs(i > 0 ? "\t" : "", stdout);
			print_tsv_cell(query, i);
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
