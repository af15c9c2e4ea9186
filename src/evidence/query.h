/* Reads rows of the evidence, or of any SQLite database, with few words. */
#ifndef ASSAY_EVIDENCE_QUERY_H
#define ASSAY_EVIDENCE_QUERY_H

#include <sqlite3.h>

#include "base/outcome.h"
#include "base/span.h"

/* A running statement. Columns count from 0. */
struct query {
	sqlite3_stmt *statement; /* NULL where it could not be prepared */
	int result;              /* of the last sqlite3 call */
};

/*
 * Prepares; then bind with query_bind_…, walk with query_next, end with query_end:
 *     struct query q = query_start(db, "SELECT path FROM file WHERE size > ?1");
 *     query_bind_integer(&q, 1, 4096);
 *     while (query_next(&q))
 *             use(query_text(&q, 0));
 *     TRY(query_end(&q));
 */
struct query query_start(sqlite3 *database, const char *sql);
/* Parameters count from 1. Text is copied. */
void query_bind_integer(struct query *query, int parameter, int64_t value);
void query_bind_text(struct query *query, int parameter, struct span text);
void query_bind_null(struct query *query, int parameter);
/* True where there is a row. */
bool query_next(struct query *query);
/* Column values; valid until the next row. NULL gives 0, 0.0 and the empty span. */
int64_t query_integer(const struct query *query, int column);
double query_real(const struct query *query, int column);
struct span query_text(const struct query *query, int column);
/* As query_text; NULL for NULL. A C string, since SQLite terminates it. */
const char *query_string(const struct query *query, int column);
bool query_is_null(const struct query *query, int column);
/* While statements of this database run, they spend the meter of their thread (base/effort.h), and end where it is empty. */
void query_meter(sqlite3 *database);
/* What a result of SQLite means: OVER_BUDGET where a limit has interrupted it, NO_MEMORY, or MALFORMED. */
enum outcome query_outcome(int result);
/* Starts the same statement again, with new parameters. */
void query_rewind(struct query *query);
/* Ends it; where preparing or stepping failed, as query_outcome() says. */
enum outcome query_end(struct query *query) MUST_CHECK;

/* Runs statements that return nothing. */
enum outcome query_run(sqlite3 *database, const char *sql) MUST_CHECK;
/* Runs a list of them that ends with NULL, up to the first that fails. */
enum outcome query_run_all(sqlite3 *database, const char *const *statements) MUST_CHECK;
/* The first column of the first row as a number; 0 where there is none. */
int64_t query_number(sqlite3 *database, const char *sql);

/*
 * Closes a database, and with it whatever statements an early end of their function left open in it:
 * SQLite keeps all of the database's memory for one that is.
 */
void query_close(sqlite3 *database);

#endif
