/*
 * The evidence database of one image (SQLite, in memory): tables in schema.sql.
 * One writer; readers after it. Every layer above reads and writes it by SQL.
 */
#ifndef ASSAY_EVIDENCE_EVIDENCE_H
#define ASSAY_EVIDENCE_EVIDENCE_H

#include <sqlite3.h>

#include "base/buffer.h"
#include "base/notes.h"
#include "evidence/facts.h"

struct evidence;

/* An empty database with its tables. */
enum outcome evidence_new(struct evidence **out) MUST_CHECK;
/* A saved one (the bytes are copied). MALFORMED where they are no evidence of this version. */
enum outcome evidence_load(struct span saved, struct evidence **out) MUST_CHECK;
void evidence_free(struct evidence *evidence);

/* Bytes that evidence_load() reads back: the same evidence gives the same bytes. */
enum outcome evidence_save(struct evidence *evidence, struct buffer *out) MUST_CHECK;

/*
 * Bounds what it takes, in bytes, by pages of the database and not by what the process holds: so it is the same for
 * the same image. Beyond it statements fail with NO_MEMORY.
 */
enum outcome evidence_bound(struct evidence *evidence, uint64_t bytes) MUST_CHECK;
/* True where so much of that is used that what is concluded from it needs the rest. */
bool evidence_is_full(struct evidence *evidence);

/* The database, for SQL. Borrowed. */
sqlite3 *evidence_database(struct evidence *evidence);

/* Everything written between begin and commit is one transaction. */
enum outcome evidence_begin(struct evidence *evidence) MUST_CHECK;
enum outcome evidence_commit(struct evidence *evidence) MUST_CHECK;
/* Inserts a row; where file is not 0 and the table has the column `file` unset, it is set. */
enum outcome evidence_insert(struct evidence *evidence, int64_t file, const struct fact *fact) MUST_CHECK;
/* Inserts all of them, in order. */
enum outcome evidence_insert_all(struct evidence *evidence, int64_t file, const struct facts *facts) MUST_CHECK;
/* Inserts one remark; where it says that something was not read, a row of `incomplete` too. */
enum outcome evidence_insert_note(struct evidence *evidence, const struct note *note) MUST_CHECK;
enum outcome evidence_insert_notes(struct evidence *evidence, const struct notes *notes) MUST_CHECK;

#endif
