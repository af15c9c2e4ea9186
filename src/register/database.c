#include "register/database.h"

#include <stdlib.h>

#include "register/database_engine.h"

static bool is_address(const char *where)
{
	struct span text = span_of_text(where);
	return span_starts_text(text, "postgresql://") || span_starts_text(text, "postgres://");
}

static enum outcome take(const struct database_engine *engine, void *connection, struct database **out)
{
	struct database *database = calloc(1, sizeof *database);
	if (!database) {
		engine->close(connection);
		return NO_MEMORY;
	}
	*database = (struct database){ .engine = engine, .connection = connection };
	*out = database;
	return DONE;
}

enum outcome database_open(const char *where, bool create, struct arena *arena, struct database **out, struct span *error)
{
	void *connection = NULL;
	if (is_address(where)) {
		TRY(postgresql_connect(where, arena, &connection, error));
		return take(&database_postgresql, connection, out);
	}
	TRY(sqlite_connect(where, create, arena, &connection, error));
	return take(&database_sqlite, connection, out);
}

enum outcome database_open_memory(struct database **out)
{
	void *connection = NULL;
	TRY(sqlite_connect(NULL, true, NULL, &connection, NULL));
	return take(&database_sqlite, connection, out);
}

void database_close(struct database *database)
{
	if (!database)
		return;
	database->engine->close(database->connection);
	free(database);
}

const char *database_error(const struct database *database)
{
	return database->engine->error(database->connection);
}

const char *database_engine(const struct database *database)
{
	return database->engine->name;
}

const char *database_tables(const struct database *database)
{
	return database->engine->tables;
}

enum outcome database_script(struct database *database, struct span script)
{
	return database->engine->script(database->connection, script);
}

enum outcome database_begin(struct database *database)
{
	return database_script(database, span_of_text(database->engine->begin));
}

enum outcome database_begin_reading(struct database *database)
{
	return database_script(database, span_of_text(database->engine->begin_reading));
}

enum outcome database_commit(struct database *database)
{
	return database_script(database, SPAN_LITERAL("COMMIT"));
}

void database_roll_back(struct database *database)
{
	if (database_script(database, SPAN_LITERAL("ROLLBACK")) != DONE)
		return; /* the engine has done so by itself, where it says that there is nothing to roll back */
}

struct rows rows_start(struct database *database, const char *sql)
{
	return (struct rows){ .database = database, .sql = sql };
}

void rows_bind(struct rows *rows, int parameter, struct value value)
{
	if (parameter < 1 || parameter > ROWS_PARAMETERS_MAX) {
		rows->outcome = MALFORMED;
		return;
	}
	rows->parameters[parameter - 1] = value;
	if (parameter > rows->parameter_count)
		rows->parameter_count = parameter;
}

static bool fail(struct rows *rows, enum outcome outcome)
{
	if (outcome != NOT_THIS && rows->outcome == DONE)
		rows->outcome = outcome;
	return false;
}

bool rows_next(struct rows *rows)
{
	const struct database_engine *engine = rows->database->engine;
	if (rows->outcome != DONE)
		return false;
	if (!rows->started) {
		rows->started = true;
		enum outcome outcome = engine->start(rows->database->connection, rows);
		if (outcome != DONE)
			return fail(rows, outcome);
	}
	enum outcome outcome = engine->next(rows);
	return outcome == DONE || fail(rows, outcome);
}

int rows_columns(const struct rows *rows)
{
	return rows->state ? rows->database->engine->columns(rows) : 0;
}

const char *rows_name(const struct rows *rows, int column)
{
	return rows->state ? rows->database->engine->name_of(rows, column) : "";
}

struct value rows_value(const struct rows *rows, int column)
{
	return rows->state ? rows->database->engine->value(rows, column) : VALUE_NONE;
}

int64_t rows_integer(const struct rows *rows, int column)
{
	struct value value = rows_value(rows, column);
	return value.type == VALUE_INTEGER ? value.integer : value.type == VALUE_REAL ? (int64_t)value.real : 0;
}

double rows_real(const struct rows *rows, int column)
{
	struct value value = rows_value(rows, column);
	return value.type == VALUE_REAL ? value.real : value.type == VALUE_INTEGER ? (double)value.integer : 0;
}

struct span rows_text(const struct rows *rows, int column)
{
	struct value value = rows_value(rows, column);
	return value.type == VALUE_TEXT ? value.text : SPAN_NONE;
}

enum outcome rows_end(struct rows *rows)
{
	if (rows->state)
		rows->database->engine->end(rows);
	rows->state = NULL;
	return rows->outcome;
}

enum outcome database_run(struct database *database, const char *sql, const struct value *values, int count)
{
	struct rows rows = rows_start(database, sql);
	for (int i = 0; i < count; i++)
		rows_bind(&rows, i + 1, values[i]);
	(void)rows_next(&rows);
	return rows_end(&rows);
}

int64_t database_number(struct database *database, const char *sql, int64_t otherwise)
{
	struct rows rows = rows_start(database, sql);
	int64_t number = rows_next(&rows) ? rows_integer(&rows, 0) : otherwise;
	return rows_end(&rows) == DONE ? number : otherwise;
}
