/*
 * Writes a vulnerability store from what readers of feeds state (vuln/fact_log.h). It keeps of each record what is newest,
 * of each score what ranks best, and joins the rest at the end.
 */
#ifndef ASSAY_VULN_STORE_WRITER_H
#define ASSAY_VULN_STORE_WRITER_H

#include <sqlite3.h>

#include "base/notes.h"
#include "base/outcome.h"
#include "vuln/manifest.h"

struct store_writer;

/* Starts a store in an empty file, or in ":memory:". */
enum outcome store_writer_new(const char *path, struct notes *notes, struct store_writer **out) MUST_CHECK;
/* Takes up facts, in their order. MALFORMED where the database refuses. */
enum outcome store_writer_take(struct store_writer *writer, struct span facts) MUST_CHECK;
/* Brackets around what one file states: it is held, and then taken up, or forgotten. */
void store_writer_mark(struct store_writer *writer);
enum outcome store_writer_keep(struct store_writer *writer) MUST_CHECK;
void store_writer_undo(struct store_writer *writer);
/*
 * Takes from another store, in memory and of this format, what the feeds have not stated: what a feed says of
 * vulnerabilities of which it has not spoken here, and what it says of them all where it was not read.
 */
enum outcome store_writer_merge(struct store_writer *writer, struct span store) MUST_CHECK;
/* Days behind that one ("2026-11-29") lie in the future, and are told. */
void store_writer_until(struct store_writer *writer, const char *day);
/* Tells of lists that lack pages, and of days in the future. True where a list has not all that it says it has. */
bool store_writer_lacks(struct store_writer *writer);
/* What the file came to of which facts were taken up last; the next one begins. */
enum outcome store_writer_input(struct store_writer *writer, const struct manifest_input *input) MUST_CHECK;
/* Has store_writer_finish() append the manifest of what was read. */
void store_writer_manifest_into(struct store_writer *writer, struct buffer *manifest);
/* Joins, drops what is rejected or affects nothing, and closes. The writer is gone afterwards, whatever comes back. */
enum outcome store_writer_finish(struct store_writer *writer) MUST_CHECK;
/* Gives up; the file stays as it is. */
void store_writer_abandon(struct store_writer *writer);
struct notes *store_writer_notes(struct store_writer *writer);

#endif
