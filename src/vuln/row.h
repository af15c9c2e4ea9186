/* Writes what was decided about a vulnerability and a component as rows: vulnerability, and premise for what it rests on. */
#ifndef ASSAY_VULN_ROW_H
#define ASSAY_VULN_ROW_H

#include "evidence/query.h"
#include "vuln/decision.h"

struct row_writer {
	struct query facts, insert, insert_premise;
};

/* Both databases must outlive the writer; the scores are the store's. */
void row_writer_init(struct row_writer *writer, sqlite3 *evidence, sqlite3 *store);
/* Writes one row and its premises; the decision must have a status. MALFORMED where the evidence refuses it. */
enum outcome row_write(struct row_writer *writer, int64_t component, int64_t vulnerability,
		       const struct decision *decision) MUST_CHECK;
/* Takes the row away, with its premises; nothing where there is none. */
enum outcome row_remove(sqlite3 *evidence, int64_t component, int64_t vulnerability) MUST_CHECK;
enum outcome row_writer_end(struct row_writer *writer) MUST_CHECK;

#endif
