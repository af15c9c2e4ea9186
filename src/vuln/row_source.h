/*
 * Fills a table from rows that are made one by one, in the order of its key: SQLite then puts each behind the one before,
 * without a search and without a statement of its own.
 */
#ifndef ASSAY_VULN_ROW_SOURCE_H
#define ASSAY_VULN_ROW_SOURCE_H

#include <sqlite3.h>

#include "base/outcome.h"
#include "base/span.h"

enum { ROW_COLUMNS_MAX = 15 };

struct row_source {
	void *context;
	/* Goes to the next row; false at the end, and where *outcome is not DONE. */
	bool (*next)(void *context, enum outcome *outcome);
	/* Gives a value of it, by row_text() or sqlite3_result_…(); columns count from 0. What is not given is NULL. */
	void (*column)(void *context, sqlite3_context *out, int column);
};

/* Gives a text, which stays as it is until the next row; NULL where it is empty, and row_text_whole() even then a text. */
void row_text(sqlite3_context *out, struct span text);
void row_text_whole(sqlite3_context *out, struct span text);
/* "affected (product, vulnerability)": all rows are put into so many columns of that table. */
enum outcome row_source_fill(sqlite3 *database, const char *into, int columns, const struct row_source *source) MUST_CHECK;

#endif
