/* The schema told by the database itself, so that it can be listed and asked. */
#include "evidence/columns.h"
#include "evidence/query.h"
#include "evidence/schema.h"

static const char tables[] =
	"CREATE TEMP TABLE schema_table (name TEXT, meaning TEXT, temporary INTEGER);"
	"CREATE TEMP TABLE schema_column (table_name TEXT, name TEXT, type TEXT, meaning TEXT, number INTEGER)";

/* The tables that rules have beside those of the schema; their columns have no words of their own. */
static const char temporary_tables[] =
	"INSERT INTO schema_table SELECT name, 'made for rules and queries (docs/rules.md)', 1 FROM sqlite_temp_schema"
	" WHERE type = 'table' AND name NOT IN ('schema_table', 'schema_column');"
	"INSERT INTO schema_column SELECT t.name, c.name, lower(c.type), '', c.cid + 1 FROM schema_table t,"
	" pragma_table_info(t.name) c WHERE t.temporary = 1";

static enum outcome insert(struct query *query)
{
	(void)query_next(query);
	int result = query->result;
	query_rewind(query);
	return query->statement && result == SQLITE_DONE ? DONE : MALFORMED;
}

static enum outcome insert_words(struct query *table, struct query *column)
{
	int number = 0;
	for (const struct evidence_words *words = evidence_words; words->table; words++) {
		struct query *query = words->column ? column : table;
		number = words->column ? number + 1 : 0;
		query_bind_text(query, 1, span_of_text(words->table));
		query_bind_text(query, 2, span_of_text(words->meaning));
		if (words->column) {
			query_bind_text(query, 3, span_of_text(words->column));
			query_bind_text(query, 4, span_of_text(words->type));
			query_bind_integer(query, 5, number);
		}
		TRY(insert(query));
	}
	return DONE;
}

enum outcome schema_describe(sqlite3 *database)
{
	TRY(query_run(database, tables));
	struct query table = query_start(database, "INSERT INTO schema_table VALUES (?1, ?2, 0)");
	struct query column = query_start(database, "INSERT INTO schema_column (table_name, meaning, name, type, number)"
						    " VALUES (?1, ?2, ?3, ?4, ?5)");
	enum outcome outcome = insert_words(&table, &column);
	(void)sqlite3_finalize(table.statement);
	(void)sqlite3_finalize(column.statement);
	return outcome == DONE ? query_run(database, temporary_tables) : outcome;
}
