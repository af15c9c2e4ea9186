#include "evidence/schema.h"

#include "base/buffer.h"
#include "evidence/query.h"

enum { DESCRIPTION_CEILING = 1 << 20 };

/* All that a database is made of, as one text. */
static enum outcome describe(sqlite3 *database, struct buffer *out)
{
	struct query query = query_start(database, "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') "
						   "FROM sqlite_schema ORDER BY type, name");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query))
		outcome = buffer_append(out, query_text(&query, 0));
	return query_end(&query) == DONE ? outcome : MALFORMED;
}

/* What the schema makes of an empty database. */
static enum outcome describe_schema(const char *schema, struct buffer *out)
{
	sqlite3 *fresh = NULL;
	int result = sqlite3_open_v2(":memory:", &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	enum outcome outcome = result == SQLITE_OK ? query_run(fresh, schema) : NO_MEMORY;
	if (outcome == DONE)
		outcome = describe(fresh, out);
	query_close(fresh);
	return outcome;
}

bool schema_holds(sqlite3 *database, const char *schema)
{
	struct buffer ours, theirs;
	buffer_init(&ours, DESCRIPTION_CEILING, NULL);
	buffer_init(&theirs, DESCRIPTION_CEILING, NULL);
	bool same = describe_schema(schema, &ours) == DONE && describe(database, &theirs) == DONE &&
		    span_equal(buffer_span(&ours), buffer_span(&theirs));
	buffer_done(&ours);
	buffer_done(&theirs);
	return same;
}
