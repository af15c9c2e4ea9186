#include "judge/support.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "evidence/query.h"

static const char table[] = "DROP TABLE IF EXISTS temp.support_series;"
			    "CREATE TEMP TABLE support_series (component TEXT NOT NULL, series TEXT NOT NULL,"
			    " ended TEXT NOT NULL, announced INTEGER NOT NULL,"
			    " PRIMARY KEY (component, series)) WITHOUT ROWID";

/*
 * The longest series that fits a version is its own. What a distribution packages it also mends, and how surely a component
 * was recognised limits what may be said of it.
 */
static const char tell[] =
	"DELETE FROM support;"
	"INSERT INTO support (component, series, until, ended, announced)"
	" SELECT c.id, s.series, s.ended, s.ended < coalesce((SELECT max(date) FROM vulnerability_store), '2026-08-22'), s.announced"
	" FROM component c JOIN support_series s ON s.component = c.name"
	"  AND (c.version = s.series OR c.version GLOB s.series || '[-.a-z_]*')"
	" WHERE c.confidence >= 80 AND NOT EXISTS (SELECT 1 FROM support_series l WHERE l.component = c.name"
	"  AND length(l.series) > length(s.series) AND (c.version = l.series OR c.version GLOB l.series || '[-.a-z_]*'))"
	" AND NOT EXISTS (SELECT 1 FROM component_witness b JOIN witness w ON w.rowid = b.witness"
	"  JOIN package p ON p.file = w.file AND p.line = w.line WHERE b.component = c.id AND p.manager IN ('dpkg', 'apk', 'rpm'))"
	" ORDER BY c.id;";

/* A day, or where no end is announced its year or month alone: YYYY, YYYY-MM, YYYY-MM-DD. */
static bool is_date(struct span text, bool announced)
{
	enum { YEAR = 4, MONTH = 7, DAY = 10 };
	return text.size == DAY || (!announced && (text.size == YEAR || text.size == MONTH));
}

static enum outcome add(struct query *insert, struct span line, bool announced)
{
	struct span component, series, ended;
	if (!span_next_field(&line, '\t', &component) || !span_next_field(&line, '\t', &series) ||
	    !span_next_field(&line, '\t', &ended) || component.size == 0 || series.size == 0 || !is_date(ended, announced))
		return MALFORMED;
	query_bind_text(insert, 1, component);
	query_bind_text(insert, 2, series);
	query_bind_text(insert, 3, ended);
	query_bind_integer(insert, 4, announced);
	(void)query_next(insert);
	int result = insert->result;
	query_rewind(insert);
	return result == SQLITE_DONE ? DONE : MALFORMED;
}

static enum outcome load(sqlite3 *database, struct span lines, bool announced)
{
	struct span line;
	struct query insert = query_start(database, "INSERT INTO support_series (component, series, ended, announced)"
						    " VALUES (?1, ?2, ?3, ?4)");
	enum outcome outcome = DONE;
	while (outcome == DONE && lookup_next(&lines, &line))
		outcome = add(&insert, line, announced);
	enum outcome ended = query_end(&insert);
	return outcome == DONE ? ended : outcome;
}

enum outcome support_prepare(sqlite3 *database)
{
	TRY(query_run(database, table));
	TRY(load(database, embedded("support/series.tsv"), true));
	TRY(load(database, embedded("support/last_releases.tsv"), false));
	return query_run(database, tell);
}
