/*
 * Fuzzes tables, TSV and JSON of rows: the input is a byte (columns, and whether the locale is UTF-8), and texts that
 * bytes 0x1e part, the first row of which names the columns.
 */
#define _GNU_SOURCE /* setenv */
#include "cli/table.h"

#include "assay/assay.h"
#include "base/buffer.h"
#include "printed.h"
#include "target.h"

enum { ROWS_MOST = 100, SQL_CEILING = 8 << 20 };

static enum outcome write_text(struct buffer *sql, struct span text, const char *before, const char *after)
{
	TRY(buffer_append(sql, span_of_text(before)));
	for (size_t i = 0; i < text.size; i++) {
		char digits[3];
		(void)snprintf(digits, sizeof digits, "%02x", span_byte(text, i));
		TRY(buffer_append(sql, span_of_text(digits)));
	}
	return buffer_append(sql, span_of_text(after));
}

/* A column's name can be no blob: its bytes stand in quotes, those that would end it left out. */
static enum outcome write_name(struct buffer *sql, struct span name)
{
	TRY(buffer_append(sql, SPAN_LITERAL(" AS \"")));
	for (size_t i = 0; i < name.size; i++)
		if (span_byte(name, i) != '"' && span_byte(name, i) != '\0')
			TRY(buffer_append(sql, span_slice(name, i, 1)));
	return buffer_append(sql, SPAN_LITERAL("\""));
}

/* SELECT CAST(x'…' AS TEXT) AS "…", … UNION ALL SELECT … */
static enum outcome write_sql(struct buffer *sql, struct span input, int columns)
{
	struct span cell = SPAN_NONE, names[8] = { SPAN_NONE };
	for (int i = 0; i < columns; i++)
		(void)span_next_field(&input, 0x1e, &names[i]);
	for (int row = 0; row < ROWS_MOST && (row == 0 || input.size > 0); row++) {
		TRY(buffer_append(sql, row == 0 ? SPAN_LITERAL("SELECT ") : SPAN_LITERAL(" UNION ALL SELECT ")));
		for (int i = 0; i < columns; i++) {
			if (!span_next_field(&input, 0x1e, &cell))
				cell = SPAN_NONE;
			TRY(write_text(sql, cell, i > 0 ? ", CAST(x'" : "CAST(x'", "' AS TEXT)"));
			if (row == 0)
				TRY(write_name(sql, names[i]));
		}
	}
	return buffer_append(sql, span_of("", 1));
}

static void print(struct assay *result, const char *sql, int columns)
{
	for (enum table_format format = TABLE_TEXT; format <= TABLE_JSON; format++) {
		struct printed printed;
		struct assay_rows *rows = NULL;
		if (assay_query(result, sql, 0, &rows) != ASSAY_DONE)
			return; /* a name that SQL does not take */
		printed_start(&printed);
		if (table_print(rows, format) != DONE || assay_rows_end(rows) != ASSAY_DONE)
			abort();
		printed_check(&printed, format, columns);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct assay *result; /* one for all inputs: it stays as it is */
	struct span input = span_of(data, size);
	struct buffer sql;
	int columns = span_byte(input, 0) % 8 + 1;
	if (!result && assay_schema(&result) != ASSAY_DONE)
		abort();
	(void)setenv("LC_ALL", span_byte(input, 0) & 0x80 ? "C" : "C.UTF-8", 1);
	buffer_init(&sql, SQL_CEILING, NULL);
	if (write_sql(&sql, span_from(input, 1), columns) == DONE)
		print(result, (const char *)sql.data, columns);
	buffer_done(&sql);
	return 0;
}
