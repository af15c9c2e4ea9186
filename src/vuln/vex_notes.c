#include "vuln/vex_notes.h"

#include "evidence/query.h"

/* Rows are document, line, vulnerability, status, why, and more to say. */
static enum outcome note_rows(struct evidence *evidence, struct arena *scratch, const char *code, const char *verb,
			      const char *sql)
{
	enum outcome outcome = DONE;
	struct query query = query_start(evidence_database(evidence), sql);
	while (outcome == DONE && query_next(&query)) {
		arena_reset(scratch);
		outcome = evidence_insert_note(evidence, &(struct note){
			.severity = NOTE_WARNING, .code = span_of_text(code), .path = query_text(&query, 0), .offset = NOTE_NO_OFFSET,
			.message = arena_format(scratch, "line %lld: the statement that %s is %s does not %s: %s%s",
						(long long)query_integer(&query, 1), query_string(&query, 2),
						query_string(&query, 3), verb, query_string(&query, 4), query_string(&query, 5)),
		});
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* What stopped to apply, but for what another statement of the same document says in its place. */
static const char stopped[] =
	"SELECT s.document, s.line, s.vulnerability, s.status, s.why, '' FROM statement s WHERE s.stopped = 1 AND NOT EXISTS"
	" (SELECT 1 FROM statement o WHERE o.vulnerability = s.vulnerability AND o.document = s.document AND o.applied = 1)"
	" ORDER BY s.rowid";

/*
 * Where a document says of several what is where, one that is about this is enough. Of a document that is about other products
 * alone all is unmet.
 */
static const char settle[] =
	"UPDATE statement SET unmet = 0 WHERE unmet = 1 AND EXISTS (SELECT 1 FROM statement o WHERE"
	" o.vulnerability = statement.vulnerability AND o.document = statement.document AND (o.applied = 1 OR o.stopped = 1));"
	"UPDATE statement SET unmet = 1 WHERE document NOT IN (SELECT document FROM statement"
	" WHERE applied = 1 OR stopped = 1 OR unmet = 1)";

/*
 * One of each document, since there are those that speak of much that is elsewhere. SQLite takes the other columns from the row
 * of the minimum.
 */
static const char unmet[] =
	"SELECT document, min(line), vulnerability, status, why, CASE count(*) WHEN 1 THEN ''"
	" WHEN 2 THEN '; nor does 1 more of the document'"
	" ELSE '; nor do ' || (count(*) - 1) || ' more of the document' END FROM statement WHERE unmet = 1"
	" GROUP BY document ORDER BY document";

enum outcome vex_note(struct evidence *evidence, struct arena *scratch)
{
	TRY(note_rows(evidence, scratch, "vex.stopped", "apply", stopped));
	TRY(query_run(evidence_database(evidence), settle));
	return note_rows(evidence, scratch, "vex.unmet", "meet anything", unmet);
}
