/* builder_merge(): what the store that is built in knows, and the feeds did not state. */
#include "evidence/query.h"
#include "vuln/builder.h"

/* Table record holds of what each feed has spoken; the store's own facts are added to every store anyway. */
static const char SQL_MERGE[] =
	"CREATE TEMP TABLE lacking AS SELECT name FROM base.feed WHERE name NOT IN (SELECT name FROM main.feed);"
	"INSERT INTO main.feed (name, date, records) SELECT name, date, 0 FROM base.feed"
	" WHERE name IN (SELECT name FROM lacking) AND name <> 'assay';"
	"INSERT OR IGNORE INTO main.product (name) SELECT name FROM base.product;"
	"INSERT OR IGNORE INTO main.affected (product, vulnerability, source, feed, release, entry, listed, ranges, platform,"
	" part, usual, files, why) SELECT p.id, a.vulnerability, a.source, f.id, a.release, a.entry, a.listed, a.ranges,"
	" a.platform, a.part, a.usual, a.files, a.why FROM base.affected a JOIN base.product bp ON bp.id = a.product"
	" JOIN main.product p ON p.name = bp.name JOIN base.feed bf ON bf.id = a.feed JOIN main.feed f ON f.name = bf.name"
	" WHERE bf.name <> 'assay' AND NOT EXISTS (SELECT 1 FROM temp.record r WHERE r.id = a.vulnerability"
	" AND r.source = a.source AND r.feed = f.id);"
	"INSERT OR IGNORE INTO main.vulnerability SELECT * FROM base.vulnerability"
	" WHERE id IN (SELECT vulnerability FROM main.affected);"
	"INSERT OR IGNORE INTO temp.disputed SELECT id FROM base.vulnerability WHERE disputed = 1;"
	"INSERT OR IGNORE INTO temp.exploited SELECT id, exploited FROM base.vulnerability WHERE exploited IS NOT NULL"
	" AND 'kev' IN (SELECT name FROM lacking);"
	"INSERT OR IGNORE INTO temp.epss SELECT id, epss FROM base.vulnerability WHERE epss IS NOT NULL"
	" AND 'epss' IN (SELECT name FROM lacking);"
	"DROP TABLE temp.lacking;";

static enum outcome attach(sqlite3 *database, struct span store)
{
	TRY(query_run(database, "COMMIT; ATTACH ':memory:' AS base"));
	/* SQLite takes a plain pointer, and READONLY holds it to not writing. */
	unsigned char *plain;
	memcpy(&plain, &store.data, sizeof plain);
	int result = sqlite3_deserialize(database, "base", plain, (sqlite3_int64)store.size, (sqlite3_int64)store.size,
					 SQLITE_DESERIALIZE_READONLY);
	return result == SQLITE_OK ? query_run(database, "BEGIN") : MALFORMED;
}

enum outcome builder_merge(struct builder *builder, struct span store)
{
	sqlite3 *database = builder_database(builder);
	if (store.size == 0)
		return DONE;
	TRY(attach(database, store));
	TRY(query_run(database, SQL_MERGE));
	return query_run(database, "COMMIT; DETACH base; BEGIN");
}
