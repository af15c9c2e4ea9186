#include "judge/support.h"

#include "base/embedded.h"
#include "evidence/query.h"

static const char table[] = "DROP TABLE IF EXISTS temp.support_series;"
			    "CREATE TEMP TABLE support_series (component TEXT NOT NULL, series TEXT NOT NULL,"
			    " ended TEXT NOT NULL, PRIMARY KEY (component, series)) WITHOUT ROWID";

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
	return outcome == DONE ? ended : outcome;
}
