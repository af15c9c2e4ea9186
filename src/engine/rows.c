/* Questions to a result: include/assay/assay.h, assay_query() and what follows it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/plain_locale.h"
#include "base/scoped.h"
#include "base/shortage.h"
#include "engine/result.h"
#include "evidence/query.h"
#include "judge/guard.h"

enum { STEPS = 10000 /* of SQLite's machine from one look at the clock to the next: well under a millisecond */ };

struct assay_rows {
	struct assay *assay;
	struct query query;
	int64_t deadline; /* clock_monotonic_ms(); 0 for none */
	bool late;        /* the deadline ended it */
};

static int look(void *context)
{
	struct assay_rows *rows = context;
	rows->late = clock_monotonic_ms() >= rows->deadline;
	return rows->late;
}

/* Whether something but blanks and semicolons follows the statement that was taken from the text. */
static bool has_more(const struct query *query, const char *sql)
{
	const char *rest = sql + strlen(sqlite3_sql(query->statement));
	return rest[strspn(rest, "; \t\r\n")] != '\0';
}

static enum assay_status refuse(struct assay *assay, const char *why)
{
	return result_fail(assay, ASSAY_UNREADABLE, span_of_text(why));
}

static enum assay_status fail_of(struct assay *assay, const char *what, int result)
{
	char words[sizeof assay->error];
	(void)snprintf(words, sizeof words, "%s: %s", what, sqlite3_errmsg(evidence_database(assay->evidence)));
	/* A value that is larger than one may be is the query's fault: there is memory. */
	bool large = (result & 0xff) == SQLITE_TOOBIG;
	return result_fail(assay, large ? ASSAY_UNREADABLE : result_status(query_outcome(result)), span_of_text(words));
}

static enum assay_status check(struct assay *assay, const struct query *query, const char *sql)
{
	if (!query->statement && query->result == SQLITE_OK)
		return refuse(assay, "the query is empty");
	if (!query->statement)
		return fail_of(assay, "the query cannot be run", query->result);
	if (!sqlite3_stmt_readonly(query->statement) || sqlite3_column_count(query->statement) == 0)
		return refuse(assay, "the query asks for no rows, or would change the evidence; only SELECT is allowed");
	if (has_more(query, sql))
		return refuse(assay, "the query holds more than one statement; ask one SELECT at a time");
	return ASSAY_DONE;
}

/* The tables and functions that rules have, so that a rule can be tried out. */
static enum assay_status prepare(struct assay *assay)
{
	if (assay->prepared)
		return ASSAY_DONE;
	enum outcome outcome = guard_prepare(evidence_database(assay->evidence));
	if (outcome != DONE)
		return result_fail(assay, result_status(outcome), SPAN_LITERAL("the tables of the rules cannot be made"));
	assay->prepared = true;
	return ASSAY_DONE;
}

static enum assay_status start(struct assay_rows *rows, const char *sql)
{
	/* Hands its own clock to the database, which may be overruled below. */
	sqlite3 *database = assay_database(rows->assay);
	enum assay_status status = prepare(rows->assay);
	if (status != ASSAY_DONE)
		return status;
	rows->query = query_start(database, sql);
	status = check(rows->assay, &rows->query, sql);
	if (status == ASSAY_DONE && rows->deadline)
		sqlite3_progress_handler(database, STEPS, look, rows);
	return status;
}

/* Statements that follow are timed by the result alone. */
static void finish(struct assay_rows *rows)
{
	(void)sqlite3_finalize(rows->query.statement);
	(void)assay_database(rows->assay);
	free(rows);
}

enum assay_status assay_query(struct assay *assay, const char *sql, uint64_t time_limit_ms, struct assay_rows **out)
{
	if (out)
		*out = NULL;
	if (!assay || !assay->evidence || !sql || !out)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	struct assay_rows *rows = calloc(1, sizeof *rows);
	(void)shortage_take();
	if (!rows)
		return result_fail(assay, ASSAY_NO_MEMORY, SPAN_NONE);
	rows->assay = assay;
	if (time_limit_ms > 0)
		rows->deadline = clock_monotonic_ms() + (int64_t)(time_limit_ms < INT64_MAX / 2 ? time_limit_ms : INT64_MAX / 2);
	enum assay_status status = start(rows, sql);
	if (status != ASSAY_DONE)
		finish(rows);
	else
		*out = rows;
	return status;
}

int assay_rows_columns(const struct assay_rows *rows)
{
	return rows ? sqlite3_column_count(rows->query.statement) : 0;
}

static bool has_column(const struct assay_rows *rows, int column)
{
	return rows && column >= 0 && column < sqlite3_column_count(rows->query.statement);
}

static bool has_value(const struct assay_rows *rows, int column)
{
	return has_column(rows, column) && rows->query.result == SQLITE_ROW;
}

const char *assay_rows_name(const struct assay_rows *rows, int column)
{
	return has_column(rows, column) ? sqlite3_column_name(rows->query.statement, column) : NULL;
}

int assay_rows_next(struct assay_rows *rows)
{
	/* SQLite would begin anew after the last row. */
	if (!rows || (rows->query.result != SQLITE_OK && rows->query.result != SQLITE_ROW))
		return 0;
	SCOPED(plain_locale) here = plain_locale_enter();
	return query_next(&rows->query);
}

enum assay_type assay_rows_type(const struct assay_rows *rows, int column)
{
	switch (has_value(rows, column) ? sqlite3_column_type(rows->query.statement, column) : SQLITE_NULL) {
	case SQLITE_NULL:
		return ASSAY_NULL;
	case SQLITE_INTEGER:
		return ASSAY_INTEGER;
	case SQLITE_FLOAT:
		return ASSAY_REAL;
	default:
		return ASSAY_TEXT;
	}
}

int64_t assay_rows_integer(const struct assay_rows *rows, int column)
{
	return has_value(rows, column) ? query_integer(&rows->query, column) : 0;
}

double assay_rows_real(const struct assay_rows *rows, int column)
{
	return has_value(rows, column) ? query_real(&rows->query, column) : 0;
}

const char *assay_rows_text(const struct assay_rows *rows, int column, size_t *length)
{
	struct span text = has_value(rows, column) ? query_text(&rows->query, column) : SPAN_NONE;
	if (length)
		*length = text.size;
	return (const char *)text.data;
}

enum assay_status assay_rows_end(struct assay_rows *rows)
{
	if (!rows)
		return ASSAY_UNREADABLE;
	enum assay_status status = ASSAY_DONE;
	if (rows->late)
		status = result_fail(rows->assay, ASSAY_LIMIT, SPAN_LITERAL("time was up before the query had ended"));
	else if (query_outcome(rows->query.result) != DONE)
		status = fail_of(rows->assay, "the query failed", rows->query.result);
	else if (shortage_take())
		status = result_fail(rows->assay, ASSAY_NO_MEMORY, SPAN_NONE);
	finish(rows);
	return status;
}
