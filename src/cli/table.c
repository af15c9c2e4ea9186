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

static struct span text_of(const struct assay_rows *answer, int column)
{
	size_t length;
	const char *text = assay_rows_text(answer, column, &length);
	return span_of(text, length);
}

static struct span name_cell(void *context, int column)
{
	return span_of_text(assay_rows_name(context, column));
}

static struct span value_cell(void *context, int column)
{
	return text_of(context, column);
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

static enum outcome print_text(struct assay_rows *answer, struct rows *rows)
{
	TRY(add_row(rows, name_cell, answer));
	while (assay_rows_next(answer))
		TRY(add_row(rows, value_cell, answer));
	for (const struct row *row = rows->first; row; row = row->next)
		print_row(rows, row);
	return DONE;
}

static enum outcome print_aligned(struct assay_rows *answer)
{
	struct rows rows = { .columns = assay_rows_columns(answer) };
	if (rows.columns > COLUMNS_MAX)
		rows.columns = COLUMNS_MAX;
	arena_init(&rows.arena, ARENA_CEILING);
	enum outcome outcome = print_text(answer, &rows);
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
static void print_tsv_cell(const struct assay_rows *answer, int column)
{
	enum assay_type type = assay_rows_type(answer, column);
	struct span text = text_of(answer, column);
	if (type == ASSAY_INTEGER || type == ASSAY_REAL)
		(void)fwrite(text.data, 1, text.size, stdout);
	else
		print_tsv_text(text);
}

static enum outcome print_tsv(struct assay_rows *answer)
{
	int columns = assay_rows_columns(answer);
	for (int i = 0; i < columns; i++) {
		(void)fputs(i > 0 ? "\t" : "", stdout);
		print_tsv_text(span_of_text(assay_rows_name(answer, i)));
	}
	(void)putchar('\n');
	while (assay_rows_next(answer)) {
		for (int i = 0; i < columns; i++) {
			(void)fputs(i > 0 ? "\t" : "", stdout);
			print_tsv_cell(answer, i);
		}
		(void)putchar('\n');
	}
	return DONE;
}

static void write_json_value(struct json *json, const struct assay_rows *answer, int column)
{
	switch (assay_rows_type(answer, column)) {
	case ASSAY_NULL:
		json_null(json);
		break;
	case ASSAY_INTEGER:
		json_integer(json, assay_rows_integer(answer, column));
		break;
	case ASSAY_REAL:
		json_number(json, assay_rows_real(answer, column), 9);
		break;
	default:
		json_string(json, text_of(answer, column));
	}
}

static enum outcome print_json(struct assay_rows *answer)
{
	struct buffer buffer;
	struct json json;
	buffer_init(&buffer, OUTPUT_CEILING, NULL);
	json_init(&json, &buffer, false);
	json_array_open(&json);
	while (assay_rows_next(answer)) {
		json_object_open(&json);
		for (int i = 0; i < assay_rows_columns(answer); i++) {
			json_key(&json, assay_rows_name(answer, i));
			write_json_value(&json, answer, i);
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

enum outcome table_print(struct assay_rows *answer, enum table_format format)
{
	static enum outcome (*const printers[])(struct assay_rows *) = {
		[TABLE_TEXT] = print_aligned, [TABLE_TSV] = print_tsv, [TABLE_JSON] = print_json,
	};
	return printers[format](answer);
}
