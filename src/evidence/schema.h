/*
 * Holds a database to a schema, to the letter. A database of somebody else's making may
 * hold views and triggers by our tables' names, which would run whatever they say.
 */
#ifndef ASSAY_EVIDENCE_SCHEMA_H
#define ASSAY_EVIDENCE_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>

/* True where the database is made of exactly what the statements of the schema make. Reads nothing but its catalogue. */
bool schema_holds(sqlite3 *database, const char *schema);

#endif
