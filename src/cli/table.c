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

static enum outcome add_row(struct rows *rows, const struct table_source *source, bool names)
{
	struct row *row = ARENA_NEW(&rows->arena, struct row, 1);
	struct span *cells = ARENA_NEW(&rows->arena, struct span, (size_t)rows->columns);
	if (!row || !cells)
		return NO_MEMORY;
	row->cells = cells;
	for (int i = 0; i < rows->columns; i++) {
		struct span text = names ? span_of_text(source->name(source->context, i)) : source->value(source->context, i).text;
		cells[i] = shown_text(&rows->arena, text);
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

static enum outcome print_text(const struct table_source *source, struct rows *rows)
{
	TRY(add_row(rows, source, true));
	while (source->next(source->context))
		TRY(add_row(rows, source, false));
	for (const struct row *row = rows->first; row; row = row->next)
		print_row(rows, row);
	return DONE;
}

static enum outcome print_aligned(const struct table_source *source)
{
	struct rows rows = { .columns = source->columns < COLUMNS_MAX ? source->columns : COLUMNS_MAX };
	arena_init(&rows.arena, ARENA_CEILING);
	enum outcome outcome = print_text(source, &rows);
	arena_done(&rows.arena);
	return outcome;
}

/* Tabs, line ends and backslashes of a value are written as \t, \n, \r, \\. */
static void print_tsv_text(struct span text)
{
	static const char escaped[] = "\t\n\r\\", letters[] = "tnr\\";
	if (shown_runs_in_sheet(text))
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
static void print_tsv_cell(struct value value)
{
	if (value.type == VALUE_INTEGER || value.type == VALUE_REAL)
		(void)fwrite(value.text.data, 1, value.text.size, stdout);
	else
		print_tsv_text(value.text);
}

static enum outcome print_tsv(const struct table_source *source)
{
	for (int i = 0; i < source->columns; i++) {
		(void)fputs(i > 0 ? "\t" : "", stdout);
		print_tsv_text(span_of_text(source->name(source->context, i)));
	}
	(void)putchar('\n');
	while (source->next(source->context)) {
		for (int i = 0; i < source->columns; i++) {
			(void)fputs(i > 0 ? "\t" : "", stdout);
			print_tsv_cell(source->value(source->context, i));
		}
		(void)putchar('\n');
	}
	return DONE;
}

void table_write_json(struct json *json, const struct table_source *source)
{
	json_array_open(json);
	while (source->next(source->context)) {
		json_object_open(json);
		for (int i = 0; i < source->columns; i++)
			value_write_member(json, source->name(source->context, i), source->value(source->context, i));
		json_object_close(json);
	}
	json_array_close(json);
}

enum outcome table_put_json(struct json *json)
{
	enum outcome outcome = json_done(json);
	if (outcome == DONE)
		(void)fwrite(json->out->data, 1, json->out->size, stdout);
	buffer_done(json->out);
	return outcome;
}

static enum outcome print_json(const struct table_source *source)
{
	struct buffer buffer;
	struct json json;
	buffer_init(&buffer, OUTPUT_CEILING, NULL);
	json_init(&json, &buffer, false);
	table_write_json(&json, source);
	return table_put_json(&json);
}

enum outcome table_print_source(const struct table_source *source, enum table_format format)
{
	static enum outcome (*const printers[])(const struct table_source *) = {
		[TABLE_TEXT] = print_aligned, [TABLE_TSV] = print_tsv, [TABLE_JSON] = print_json,
	};
	return printers[format](source);
}

static bool texts_next(void *context)
{
	struct table_texts *texts = context;
	return texts->next++ < texts->count;
}

static const char *texts_name(void *context, int column)
{
	const struct table_texts *texts = context;
	return texts->names[column];
}

static struct value texts_value(void *context, int column)
{
	const struct table_texts *texts = context;
	return value_text_if(texts->cell(texts->rows, texts->next - 1, column));
}

struct table_source table_of_texts(struct table_texts *texts)
{
	return (struct table_source){ texts, texts->columns, texts_next, texts_name, texts_value };
}

static bool answer_next(void *context)
{
	return assay_rows_next(context);
}

static const char *answer_name(void *context, int column)
{
	return assay_rows_name(context, column);
}

static struct value answer_value(void *context, int column)
{
	const struct assay_rows *answer = context;
	size_t length;
	enum assay_type type = assay_rows_type(answer, column);
	struct value value = VALUE_NONE;
	if (type == ASSAY_INTEGER)
		value = value_integer(assay_rows_integer(answer, column));
	else if (type == ASSAY_REAL)
		value = value_real(assay_rows_real(answer, column));
	else if (type != ASSAY_NULL)
		value.type = VALUE_TEXT;
	const char *text = assay_rows_text(answer, column, &length);
	value.text = span_of(text, length);
	return value;
}

enum outcome table_print(struct assay_rows *answer, enum table_format format)
{
	const struct table_source source = { answer, assay_rows_columns(answer), answer_next, answer_name, answer_value };
	return table_print_source(&source, format);
}
