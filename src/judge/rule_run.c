/* Runs one rule: sorts, counts and copies its rows. */
#include "evidence/query.h"
#include "judge/guard.h"
#include "judge/rules.h"

enum { DETAIL_MAX = 1000 };

/* SQLite's own words about what went wrong, or ours where it only says "interrupted". */
static enum outcome broken(sqlite3 *database, struct arena *arena, struct rule_result *out)
{
	int code = sqlite3_errcode(database);
	if (code == SQLITE_NOMEM)
		return NO_MEMORY;
	const char *words = code == SQLITE_INTERRUPT ? "it takes too long"
			    : code == SQLITE_AUTH
				    ? "it does more than read the evidence, or depends on chance or time"
				    : sqlite3_errmsg(database);
	*out = (struct rule_result){ .failed = true, .error = arena_format(arena, "%s", words) };
	return out->error.data ? DONE : NO_MEMORY;
}

/* Copies a column, cut to a length that a page can hold, at the border of a character. */
static enum outcome copy_column(const struct query *query, int column, struct arena *arena, struct span *out)
{
	struct span text = query_text(query, column);
	*out = SPAN_NONE;
	if (query_is_null(query, column))
		return DONE;
	size_t size = text.size;
	if (size > DETAIL_MAX) {
		size = DETAIL_MAX;
		while (size > 0 && (span_byte(text, size) & 0xC0) == 0x80)
			size--;
	}
	*out = arena_copy(arena, span_slice(text, 0, size));
	return out->data ? DONE : NO_MEMORY;
}

static enum outcome collect(struct query *query, struct arena *arena, struct rule_row *rows,
			    struct rule_result *out)
{
	while (query_next(query)) {
		struct rule_row *row = &rows[out->count];
		TRY(copy_column(query, 0, arena, &row->path));
		row->line = query_integer(query, 1);
		TRY(copy_column(query, 2, arena, &row->detail));
		out->more = query_integer(query, 3) - (int64_t)++out->count;
	}
	return DONE;
}

enum outcome rule_run(sqlite3 *database, const struct rule *rule, struct arena *arena,
		      struct rule_result *out)
{
	/* The line end closes a comment that may stand last in the rule. */
	struct span sql = arena_format(
		arena,
		"SELECT path, line, detail, count(*) OVER () FROM (SELECT DISTINCT path, line, "
		"coalesce(detail, '') AS detail FROM (\n%s\n)) ORDER BY path, line, detail LIMIT %d",
		rule->sql, RULE_ROWS_MAX);
	struct rule_row *rows = ARENA_NEW(arena, struct rule_row, RULE_ROWS_MAX);
	if (!sql.data || !rows)
		return NO_MEMORY;
	*out = (struct rule_result){ .rows = rows };

	struct guard guard;
	guard_enter(&guard, database);
	struct query query = query_start(database, (const char *)sql.data);
	enum outcome outcome = collect(&query, arena, rows, out);
	bool ran = query.statement && query.result == SQLITE_DONE;
	if (outcome == DONE && !ran)
		outcome = broken(database, arena, out);
	(void)sqlite3_finalize(query.statement);
	guard_leave(&guard);
	return outcome;
}
