/* Rows of a query on standard output: aligned for people, TSV and JSON for programs. */
#ifndef ASSAY_CLI_TABLE_H
#define ASSAY_CLI_TABLE_H

#include "assay/assay.h"
#include "base/outcome.h"
#include "base/json.h"
#include "cli/options.h"
#include "register/value.h"

/* Rows, one after the other, of whatever kind. */
struct table_source {
	void *context;
	int columns;
	bool (*next)(void *context);
	const char *(*name)(void *context, int column);
	/* Of the row that next() moved to; its text is there for numbers too, and valid until the next row. */
	struct value (*value)(void *context, int column);
};

/* Rows that lie in memory, whose cells are texts; an empty one is none. */
struct table_texts {
	const char *const *names;
	int columns;
	struct span (*cell)(const void *rows, size_t row, int column);
	const void *rows;
	size_t count, next;
};
/* Borrows them. */
struct table_source table_of_texts(struct table_texts *texts);

/* Prints all rows with their column names. NO_MEMORY or OVER_BUDGET where they are too many to be laid out. */
enum outcome table_print(struct assay_rows *rows, enum table_format format) MUST_CHECK;
enum outcome table_print_source(const struct table_source *source, enum table_format format) MUST_CHECK;
/* Writes all rows as an array of objects. */
void table_write_json(struct json *json, const struct table_source *source);
/* The same bytes to standard output, all or none of them; the writer's buffer is given back. */
enum outcome table_put_json(struct json *json) MUST_CHECK;

#endif
