/*
 * The database of a register: one dialect of SQL over SQLite (a file) and PostgreSQL (postgresql://…, by libpq).
 *
 * The dialect is what both know: parameters are ?1 to ?99; INTEGER, REAL and TEXT; ON CONFLICT … DO; no BLOB, no
 * rowid. Texts are compared byte by byte in both. A definition of a table ends in STRICT, which PostgreSQL is not
 * told.
 */
#ifndef ASSAY_REGISTER_DATABASE_H
#define ASSAY_REGISTER_DATABASE_H

#include "base/arena.h"
#include "base/outcome.h"
#include "register/value.h"

struct database;

/*
 * Opens the file of that path, which comes to be where it is not there and `create` is set, or the database of
 * that address. MALFORMED where it cannot be opened: *error has words, in the arena. UNSUPPORTED for PostgreSQL in
 * a build without libpq.
 */
enum outcome database_open(const char *where, bool create, struct arena *arena, struct database **out,
			   struct span *error) MUST_CHECK;
/* One in memory, by SQLite; for tests, and to replay what was written into another. */
enum outcome database_open_memory(struct database **out) MUST_CHECK;
void database_close(struct database *database);

/* What went wrong in the last statement that failed, in the engine's words; borrowed until the next one. */
const char *database_error(const struct database *database);
/* "sqlite" or "postgresql". */
const char *database_engine(const struct database *database);
/* A statement that gives the names of all tables, sorted. */
const char *database_tables(const struct database *database);

/* Runs statements that return nothing and have no parameters, as a schema has. */
enum outcome database_script(struct database *database, struct span script) MUST_CHECK;

/*
 * Begins a transaction that writes, and waits while another writer is in one: who writes sees all that was written
 * before. OVER_BUDGET where the other one took longer than a minute.
 */
enum outcome database_begin(struct database *database) MUST_CHECK;
/*
 * Begins one that reads: until database_commit() it sees what had been committed at its first statement, and keeps no
 * writer waiting.
 */
enum outcome database_begin_reading(struct database *database) MUST_CHECK;
enum outcome database_commit(struct database *database) MUST_CHECK;
/* Forgets what was written since database_begin(). */
void database_roll_back(struct database *database);

enum { ROWS_PARAMETERS_MAX = 24 };

/* A running statement. Columns count from 0, parameters from 1. */
struct rows {
	struct database *database;
	const char *sql;
	struct value parameters[ROWS_PARAMETERS_MAX];
	int parameter_count;
	void *state;          /* the engine's; NULL before the first row was asked for */
	enum outcome outcome;
	bool started;
};

/*
 *     struct rows rows = rows_start(database, "SELECT name FROM product WHERE id = ?1");
 *     rows_bind(&rows, 1, value_integer(4));
 *     while (rows_next(&rows))
 *             use(rows_text(&rows, 0));
 *     TRY(rows_end(&rows));
 */
struct rows rows_start(struct database *database, const char *sql);
/* Texts are borrowed until the first rows_next(). */
void rows_bind(struct rows *rows, int parameter, struct value value);
bool rows_next(struct rows *rows);
int rows_columns(const struct rows *rows);
/* Until rows_end(). */
const char *rows_name(const struct rows *rows, int column);
/* Valid until the next row. NULL gives 0, 0.0 and the empty span. */
int64_t rows_integer(const struct rows *rows, int column);
double rows_real(const struct rows *rows, int column);
struct span rows_text(const struct rows *rows, int column);
struct value rows_value(const struct rows *rows, int column);
/* Ends it. MALFORMED where the engine refused it (database_error()), OVER_BUDGET, NO_MEMORY. */
enum outcome rows_end(struct rows *rows) MUST_CHECK;

/* A statement that returns nothing, with its parameters. */
enum outcome database_run(struct database *database, const char *sql, const struct value *values, int count) MUST_CHECK;
/* The first column of the first row; otherwise the number given, where there is none or it failed. */
int64_t database_number(struct database *database, const char *sql, int64_t otherwise);

#endif
