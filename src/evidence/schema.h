/*
 * Holds a database to a schema, to the letter. A database of somebody else's making may
 * hold views and triggers by our tables' names, which would run whatever they say.
 */
#ifndef ASSAY_EVIDENCE_SCHEMA_H
#define ASSAY_EVIDENCE_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/outcome.h"

/* True where the database is made of exactly what the statements of the schema make. Reads nothing but its catalogue. */
bool schema_holds(sqlite3 *database, const char *schema);

/*
 * Makes the temporary tables schema_table (name, meaning, temporary) and schema_column (table_name, name, type, meaning,
 * number), which say of every table and column what schema.sql says; those of the database that are temporary are named too.
 */
enum outcome schema_describe(sqlite3 *database) MUST_CHECK;

#endif
