/*
 * PostgreSQL under a register, by libpq: https://www.postgresql.org/docs/15/libpq.html. A statement's rows are
 * fetched as a whole, so that others can run while they are walked.
 */
#include "register/database_engine.h"

#ifdef ASSAY_POSTGRESQL

#include <stdio.h>
#include <stdlib.h>

#include "register/dialect.h"
#include "register/libpq.h"

/* Types of columns: src/include/catalog/pg_type.dat. */
enum { TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_FLOAT4 = 700, TYPE_FLOAT8 = 701, TYPE_NUMERIC = 1700 };
enum { NUMBER_SIZE = 32, ARENA_CEILING = 64 << 20 };

struct state {
	PGresult *result;
	int row; /* -1 before the first */
};

static const char *error(const void *connection)
{
	return libpq()->PQerrorMessage(connection);
}

static void disconnect(void *connection)
{
	libpq()->PQfinish(connection);
}

static void be_silent(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

/* The first line of the server's words, which come with a line end. */
static struct span first_line(const char *words)
{
	struct span rest = span_of_text(words), line = SPAN_NONE;
	(void)span_next_line(&rest, &line);
	return line;
}

/* lock_not_available, deadlock_detected, query_canceled */
static bool is_waiting(const char *state)
{
	return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "57014") == 0;
}

static enum outcome outcome_of(const PGresult *result)
{
	const char *state = result ? libpq()->PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	if (!result)
		return NO_MEMORY;
	switch (libpq()->PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
		return DONE;
	default:
		return state && is_waiting(state) ? OVER_BUDGET : MALFORMED;
	}
}

static enum outcome run(PGconn *connection, const char *sql)
{
	PGresult *result = libpq()->PQexec(connection, sql);
	enum outcome outcome = outcome_of(result);
	/* A transaction in which something failed is rolled back by COMMIT, which says so and fails not. */
	if (outcome == DONE && strcmp(sql, "COMMIT") == 0 && strcmp(libpq()->PQcmdStatus(result), "COMMIT") != 0)
		outcome = MALFORMED;
	libpq()->PQclear(result);
	return outcome;
}

enum outcome postgresql_connect(const char *address, struct arena *arena, void **out, struct span *words)
{
	if (!libpq()) {
		*words = SPAN_LITERAL("PostgreSQL's client library (libpq.so.5) is not installed; install libpq5");
		return UNSUPPORTED;
	}
	PGconn *connection = libpq()->PQconnectdb(address);
	if (!connection)
		return NO_MEMORY;
	if (libpq()->PQstatus(connection) == CONNECTION_OK && libpq()->PQsetClientEncoding(connection, "UTF8") == 0) {
		(void)libpq()->PQsetNoticeReceiver(connection, be_silent, NULL);
		if (run(connection, "SET lock_timeout = '60s'; SET standard_conforming_strings = on;"
				    " SET extra_float_digits = 1") == DONE) {
			*out = connection;
			return DONE;
		}
	}
	*words = arena_copy(arena, first_line(libpq()->PQerrorMessage(connection)));
	libpq()->PQfinish(connection);
	return MALFORMED;
}

static enum outcome script(void *connection, struct span text)
{
	struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const char *sql = dialect_postgresql(&arena, text, true);
	enum outcome outcome = sql ? run(connection, sql) : NO_MEMORY;
	arena_done(&arena);
	return outcome;
}

/* A parameter as a text, in the arena; NULL for NULL. False without memory. */
static bool as_text(struct arena *arena, const struct value *value, const char **out)
{
	switch (value->type) {
	case VALUE_NULL:
		*out = NULL;
		return true;
	case VALUE_INTEGER:
		*out = (const char *)arena_format(arena, "%lld", (long long)value->integer).data;
		break;
	case VALUE_REAL:
		*out = (const char *)arena_format(arena, "%.17g", value->real).data;
		break;
	case VALUE_TEXT:
		*out = (const char *)arena_copy(arena, value->text.data ? value->text : SPAN_LITERAL("")).data;
		break;
	}
	return *out != NULL;
}

static enum outcome execute(PGconn *connection, const struct rows *rows, struct arena *arena, PGresult **out)
{
	const char *texts[ROWS_PARAMETERS_MAX];
	const char *sql = dialect_postgresql(arena, span_of_text(rows->sql), false);
	for (int i = 0; i < rows->parameter_count; i++)
		if (!as_text(arena, &rows->parameters[i], &texts[i]))
			return NO_MEMORY;
	if (!sql)
		return NO_MEMORY;
	*out = libpq()->PQexecParams(connection, sql, rows->parameter_count, NULL, texts, NULL, NULL, 0);
	return outcome_of(*out);
}

static enum outcome start(void *connection, struct rows *rows)
{
	struct arena arena;
	struct state *state = calloc(1, sizeof *state);
	if (!state)
		return NO_MEMORY;
	rows->state = state;
	state->row = -1;
	arena_init(&arena, ARENA_CEILING);
	enum outcome outcome = execute(connection, rows, &arena, &state->result);
	arena_done(&arena);
	return outcome;
}

static enum outcome next(struct rows *rows)
{
	struct state *state = rows->state;
	if (state->row + 1 >= libpq()->PQntuples(state->result))
		return NOT_THIS;
	state->row++;
	return DONE;
}

static int columns(const struct rows *rows)
{
	const struct state *state = rows->state;
	return libpq()->PQnfields(state->result);
}

static const char *name_of(const struct rows *rows, int column)
{
	const struct state *state = rows->state;
	const char *name = libpq()->PQfname(state->result, column);
	return name ? name : "";
}

static struct value value(const struct rows *rows, int column)
{
	const struct state *state = rows->state;
	if (state->row < 0 || column < 0 || column >= libpq()->PQnfields(state->result) ||
	    libpq()->PQgetisnull(state->result, state->row, column))
		return VALUE_NONE;
	const char *text = libpq()->PQgetvalue(state->result, state->row, column);
	double real;
	switch (libpq()->PQftype(state->result, column)) {
	case TYPE_INT8:
	case TYPE_INT4:
	case TYPE_INT2:
		return value_integer(strtoll(text, NULL, 10));
	case TYPE_FLOAT4:
	case TYPE_FLOAT8:
	case TYPE_NUMERIC:
		return value_real(span_to_decimal(span_of_text(text), &real) ? real : 0);
	default:
		return value_text(span_of(text, (size_t)libpq()->PQgetlength(state->result, state->row, column)));
	}
}

static void end(struct rows *rows)
{
	struct state *state = rows->state;
	libpq()->PQclear(state->result);
	free(state);
}

const struct database_engine database_postgresql = {
	.name = "postgresql",
	.close = disconnect,
	.error = error,
	.script = script,
	.begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	.tables = "SELECT tablename COLLATE \"C\" FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
	/* One writer at a time, as in SQLite: the chain of events has one end. Readers go on. */
	.begin = "BEGIN; SELECT pg_advisory_xact_lock(4921734)",
	.start = start,
	.next = next,
	.columns = columns,
	.name_of = name_of,
	.value = value,
	.end = end,
};

#else

enum outcome postgresql_connect(const char *address, struct arena *arena, void **out, struct span *words)
{
	(void)address;
	(void)arena;
	(void)out;
	*words = SPAN_LITERAL("this build of assay knows no PostgreSQL; build it with libpq");
	return UNSUPPORTED;
}

const struct database_engine database_postgresql = { .name = "postgresql" };

#endif
