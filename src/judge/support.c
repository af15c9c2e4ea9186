#include "judge/support.h"

#include "base/embedded.h"
#include "evidence/query.h"

static const char table[] = "DROP TABLE IF EXISTS temp.support_series;"
			    "CREATE TEMP TABLE support_series (component TEXT NOT NULL, series TEXT NOT NULL,"
			    " ended TEXT NOT NULL, PRIMARY KEY (component, series)) WITHOUT ROWID";

/*
 * The longest series that fits a version is its own. What a distribution packages it also mends, and how surely a component
 * was recognised limits what may be said of it.
 */
static const char tell[] =
	"DELETE FROM support;"
	"INSERT INTO support (component, series, until, ended)"
	" SELECT c.id, s.series, s.ended, s.ended < coalesce((SELECT max(date) FROM vulnerability_store), '2026-08-22')"
	" FROM component c JOIN support_series s ON s.component = c.name"
	"  AND (c.version = s.series OR c.version GLOB s.series || '[-.a-z_]*')"
	" WHERE c.confidence >= 80 AND NOT EXISTS (SELECT 1 FROM support_series l WHERE l.component = c.name"
	"  AND length(l.series) > length(s.series) AND (c.version = l.series OR c.version GLOB l.series || '[-.a-z_]*'))"
	" AND NOT EXISTS (SELECT 1 FROM component_witness b JOIN witness w ON w.rowid = b.witness"
	"  JOIN package p ON p.file = w.file AND p.line = w.line WHERE b.component = c.id AND p.manager IN ('dpkg', 'apk', 'rpm'))"
	" ORDER BY c.id;";

static enum outcome add(struct query *insert, struct span line)
{
	enum { DAY = 10 };
	struct span component, series, ended;
	if (!span_next_field(&line, '\t', &component) || !span_next_field(&line, '\t', &series) ||
	    !span_next_field(&line, '\t', &ended) || component.size == 0 || series.size == 0 || ended.size != DAY)
		return MALFORMED;
	query_bind_text(insert, 1, component);
	query_bind_text(insert, 2, series);
	query_bind_text(insert, 3, ended);
	(void)query_next(insert);
	int result = insert->result;
	query_rewind(insert);
	return result == SQLITE_DONE ? DONE : MALFORMED;
}

enum outcome support_prepare(sqlite3 *database)
{
	struct span line, rest = embedded("support/series.tsv");
	TRY(query_run(database, table));
	struct query insert = query_start(database, "INSERT INTO support_series (component, series, ended) VALUES (?1, ?2, ?3)");
	enum outcome outcome = DONE;
	while (outcome == DONE && span_next_line(&rest, &line))
		if (line.size > 0 && span_byte(line, 0) != '#')
			outcome = add(&insert, line);
	enum outcome ended = query_end(&insert);
	TRY(outcome == DONE ? ended : outcome);
	return query_run(database, tell);
}
