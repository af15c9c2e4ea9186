#include "evidence/query.h"

#include "base/effort.h"
#include "base/shortage.h"

/* Instructions of SQLite's machine from one look at the meter to the next, and what they cost. */
enum { STEPS = 1000, UNITS_PER_STEP = 30 };

static int spend(void *context)
{
	(void)context;
	return !effort_spend((uint64_t)STEPS * UNITS_PER_STEP);
}

void query_meter(sqlite3 *database)
{
	sqlite3_progress_handler(database, STEPS, spend, NULL);
}

enum outcome query_outcome(int result)
{
	switch (result & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return DONE;
	case SQLITE_INTERRUPT:
		return OVER_BUDGET;
	case SQLITE_NOMEM:
	case SQLITE_FULL:
	case SQLITE_TOOBIG:
		return NO_MEMORY;
	default:
		return MALFORMED;
	}
}

/* Hands on what SQLite says, and heeds that it was short of memory, which many who ask do not. */
static int heeded(int result)
{
	if ((result & 0xff) == SQLITE_NOMEM)
		shortage_set();
	return result;
}

struct query query_start(sqlite3 *database, const char *sql)
{
	struct query query = { 0 };
	query.result = heeded(sqlite3_prepare_v2(database, sql, -1, &query.statement, NULL));
	return query;
}

void query_bind_integer(struct query *query, int parameter, int64_t value)
{
	if (query->statement)
		(void)heeded(sqlite3_bind_int64(query->statement, parameter, value));
}

void query_bind_text(struct query *query, int parameter, struct span text)
{
	const char *bytes = text.data ? (const char *)text.data : "";
	if (query->statement)
		(void)heeded(sqlite3_bind_text64(query->statement, parameter, bytes, text.size, SQLITE_TRANSIENT,
						 SQLITE_UTF8));
}

void query_bind_null(struct query *query, int parameter)
{
	if (query->statement)
		(void)sqlite3_bind_null(query->statement, parameter);
}

bool query_next(struct query *query)
{
	if (!query->statement)
		return false;
	query->result = heeded(sqlite3_step(query->statement));
	return query->result == SQLITE_ROW;
}

int64_t query_integer(const struct query *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

double query_real(const struct query *query, int column)
{
	return sqlite3_column_double(query->statement, column);
}

struct span query_text(const struct query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->statement, column);
	if (!text && sqlite3_column_type(query->statement, column) != SQLITE_NULL)
		shortage_set();
	return span_of(text, text ? (size_t)sqlite3_column_bytes(query->statement, column) : 0);
}

const char *query_string(const struct query *query, int column)
{
	return (const char *)sqlite3_column_text(query->statement, column);
}

bool query_is_null(const struct query *query, int column)
{
	return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

void query_rewind(struct query *query)
{
	if (!query->statement)
		return;
	(void)sqlite3_reset(query->statement);
	(void)sqlite3_clear_bindings(query->statement);
}

enum outcome query_end(struct query *query)
{
	int result = query->result;
	(void)sqlite3_finalize(query->statement);
	query->statement = NULL;
	return query_outcome(result);
}

enum outcome query_run(sqlite3 *database, const char *sql)
{
	return query_outcome(heeded(sqlite3_exec(database, sql, NULL, NULL, NULL)));
}

enum outcome query_run_all(sqlite3 *database, const char *const *statements)
{
	for (; *statements; statements++)
		TRY(query_run(database, *statements));
	return DONE;
}

int64_t query_number(sqlite3 *database, const char *sql)
{
	struct query query = query_start(database, sql);
	int64_t number = query_next(&query) ? query_integer(&query, 0) : 0;
	(void)sqlite3_finalize(query.statement);
	return number;
}

void query_close(sqlite3 *database)
{
	sqlite3_stmt *left;
	while (database && (left = sqlite3_next_stmt(database, NULL)))
		(void)sqlite3_finalize(left);
	(void)sqlite3_close(database);
}
