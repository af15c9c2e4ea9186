/*
 * What a store was made of (JSON of its seal, vuln/seal.h): of each source its date, what was read, kept and left out, and
 * why; of each file its SHA-256. It says the same for the same files: no clock, no folder, no order of files.
 *
 *     {"store_format": "2", "made_by": "assay 0.1.0", "date": …, "vulnerabilities": N, "rows": N, "base": SHA-256 or null,
 *      "sources": [{"name", "date", "records", "read", "built_in", "files": [names], "left_out": [{"count", "why"}]}],
 *      "inputs": [{"name", "bytes", "sha256", "sources": [names], "documents", "left_out", "why"}],
 *      "further_inputs": {"count", "bytes", "sha256"} or null}
 *
 * `records` are the vulnerabilities of which the store keeps what the source says; `read` those of which the files spoke,
 * null where that was not counted. `base` is the store that was built in and added what the files lack; a source that is
 * `built_in` comes from it alone.
 */
#ifndef ASSAY_VULN_MANIFEST_H
#define ASSAY_VULN_MANIFEST_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json_tree.h"
#include "evidence/query.h"

/* Files that are named one by one; of more than these the rest is counted, with one digest over theirs. */
enum { MANIFEST_INPUTS_MAX = 4096, MANIFEST_SOURCES_MAX = 256 };

/* A file that a builder reads, and what became of its documents. */
struct manifest_input {
	struct span name, digest; /* its last part; SHA-256, of 32 bytes */
	uint64_t size, documents, left_out;
	struct span why;          /* something was left out; empty where all of it was read */
};

/* Makes the temporary tables in a store that is being built, beside those of the builder. */
enum outcome manifest_begin(sqlite3 *database) MUST_CHECK;
/* The file under way stated something of a feed, whose number is ?1 (table feed). */
#define MANIFEST_NOTE_FEED "INSERT OR IGNORE INTO input_feed SELECT coalesce(max(number), 0) + 1, ?1 FROM input"
/* The file under way is done, and the next one begins: a statement of this text is given its values and run. */
#define MANIFEST_NOTE_INPUT                                                       \
	"INSERT INTO input (name, size, digest, documents, left_out, why)"        \
	" VALUES (?1, ?2, CAST(?3 AS BLOB), ?4, ?5, ?6)"
enum outcome manifest_note_input(struct query *statement, const struct manifest_input *input) MUST_CHECK;
/* The digest of the store that was merged, as text. */
enum outcome manifest_note_base(sqlite3 *database, struct span digest) MUST_CHECK;
/* Of a feed: vulnerabilities that were read; those that were rejected, and those of which nothing is kept. */
struct manifest_account {
	int64_t read, rejected, silent;
};
enum outcome manifest_settle(sqlite3 *database, int64_t feed, const struct manifest_account *account) MUST_CHECK;
/* Appends the one of a finished store that has none: what its tables tell. */
enum outcome manifest_of_tables(sqlite3 *database, struct buffer *out) MUST_CHECK;
/* Appends the manifest. */
enum outcome manifest_write(sqlite3 *database, struct buffer *out) MUST_CHECK;

/*
 * Reads one, of whoever wrote it. MALFORMED where it is not of the form above or says of a source other than the store's own
 * table: *error has words. NO_MEMORY.
 */
enum outcome manifest_read(struct span text, sqlite3 *database, struct arena *arena, const struct json_tree **out,
			   struct span *error) MUST_CHECK;

#endif
