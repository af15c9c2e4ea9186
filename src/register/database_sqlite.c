/* SQLite under a register: https://sqlite.org/c3ref/intro.html. */
#include <sqlite3.h>
#include <stdlib.h>

#include "register/database_engine.h"

enum { WAIT_MS = 60 * 1000, STEP_MS = 20 };

static enum outcome outcome_of(int result)
{
	switch (result) {
	case SQLITE_OK:
	case SQLITE_ROW:
		return DONE;
	case SQLITE_DONE:
		return NOT_THIS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return OVER_BUDGET;
	case SQLITE_NOMEM:
		return NO_MEMORY;
	default:
		return MALFORMED;
	}
}

static void disconnect(void *connection)
{
	(void)sqlite3_close_v2(connection);
}

static const char *error(const void *connection)
{
	return sqlite3_errmsg((sqlite3 *)(uintptr_t)connection);
}

/*
 * SQLite asks nobody to wait where two connections make a file's first pages, or switch it to WAL, at the same
 * time: it says that it is locked, and the one that was first is through in a moment.
 */
static int switch_to_wal(sqlite3 *connection)
{
	int result = SQLITE_BUSY;
	for (int waited = 0; result == SQLITE_BUSY && waited < WAIT_MS; waited += STEP_MS) {
		result = sqlite3_exec(connection, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
		if (result == SQLITE_BUSY)
			(void)sqlite3_sleep(STEP_MS);
	}
	return result;
}

static int prepare(sqlite3 *connection)
{
	(void)sqlite3_busy_timeout(connection, WAIT_MS);
	(void)sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	int result = switch_to_wal(connection);
	if (result != SQLITE_OK)
		return result;
	return sqlite3_exec(connection, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
			    " PRAGMA cache_size = -65536; PRAGMA mmap_size = 4294967296", NULL, NULL, NULL);
}

/*
 * A writer beside readers (WAL), each commit on the disk before it is told (FULL), and a file that somebody else
 * has written is not trusted further than its tables.
 */
enum outcome sqlite_connect(const char *path, bool create, struct arena *arena, void **out, struct span *words)
{
	sqlite3 *connection = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
	int result = sqlite3_open_v2(path ? path : ":memory:", &connection, flags, NULL);
	if (result == SQLITE_OK)
		result = prepare(connection);
	if (result == SQLITE_OK) {
		*out = connection;
		return DONE;
	}
	if (arena)
		*words = arena_format(arena, "%s", connection ? sqlite3_errmsg(connection) : "out of memory");
	disconnect(connection);
	return outcome_of(result) == NO_MEMORY ? NO_MEMORY : MALFORMED;
}

static enum outcome script(void *connection, struct span text)
{
	char *copy = sqlite3_mprintf("%.*s", (int)text.size, (const char *)text.data);
	if (!copy)
		return NO_MEMORY;
	int result = sqlite3_exec(connection, copy, NULL, NULL, NULL);
	sqlite3_free(copy);
	return outcome_of(result);
}

static int bind(sqlite3_stmt *statement, int parameter, const struct value *value)
{
	switch (value->type) {
	case VALUE_INTEGER:
		return sqlite3_bind_int64(statement, parameter, value->integer);
	case VALUE_REAL:
		return sqlite3_bind_double(statement, parameter, value->real);
	case VALUE_TEXT:
		return sqlite3_bind_text64(statement, parameter, value->text.data ? (const char *)value->text.data : "",
					   value->text.size, SQLITE_TRANSIENT, SQLITE_UTF8);
	case VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(statement, parameter);
}

static enum outcome start(void *connection, struct rows *rows)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(connection, rows->sql, -1, &statement, NULL);
	rows->state = statement;
	for (int i = 0; i < rows->parameter_count && result == SQLITE_OK; i++)
		result = bind(statement, i + 1, &rows->parameters[i]);
	return outcome_of(result);
}

static enum outcome next(struct rows *rows)
{
	return outcome_of(sqlite3_step(rows->state));
}

static int columns(const struct rows *rows)
{
	return sqlite3_column_count(rows->state);
}

static const char *name_of(const struct rows *rows, int column)
{
	const char *name = sqlite3_column_name(rows->state, column);
	return name ? name : "";
}

static struct value value(const struct rows *rows, int column)
{
	sqlite3_stmt *statement = rows->state;
	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_INTEGER:
		return value_integer(sqlite3_column_int64(statement, column));
	case SQLITE_FLOAT:
		return value_real(sqlite3_column_double(statement, column));
	case SQLITE_NULL:
		return VALUE_NONE;
	default: {
		const unsigned char *text = sqlite3_column_text(statement, column);
		return value_text(span_of(text, (size_t)sqlite3_column_bytes(statement, column)));
	}
	}
}

static void end(struct rows *rows)
{
	(void)sqlite3_finalize(rows->state);
}

const struct database_engine database_sqlite = {
	.name = "sqlite",
	.close = disconnect,
	.error = error,
	.script = script,
	.begin_reading = "BEGIN",
	.tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' ORDER BY name",
	.begin = "BEGIN IMMEDIATE",
	.start = start,
	.next = next,
	.columns = columns,
	.name_of = name_of,
	.value = value,
	.end = end,
};
