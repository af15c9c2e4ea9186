#define _POSIX_C_SOURCE 200809L
#include "vuln/store.h"

#include "base/embedded.h"
#include "stored.h"
#include "vuln/starter.h"

#define FILLED \
	"INSERT INTO meta VALUES ('format', '" STORE_FORMAT "'), ('date', '2026-01-02'), ('vulnerabilities', '7');"

/* A store of store.sql and more statements, as bytes of SQLite's; NULL where one of them fails. */
static unsigned char *make(const char *before, bool tables, const char *after, sqlite3_int64 *size)
{
	sqlite3 *database = NULL;
	unsigned char *bytes = NULL;
	const char *schema = tables ? (const char *)embedded("store.sql").data : "";
	if (sqlite3_open(":memory:", &database) == SQLITE_OK && query_run(database, before) == DONE &&
	    query_run(database, schema) == DONE && query_run(database, after) == DONE)
		bytes = sqlite3_serialize(database, "main", size, 0);
	(void)sqlite3_close(database);
	return bytes;
}

static enum outcome open_both(const unsigned char *bytes, sqlite3_int64 size)
{
	struct store *store;
	struct arena arena;
	struct span error = SPAN_NONE;
	const char *path = stored_path("store.db");
	FILE *file = fopen(path, "wb");
	bool written = file && fwrite(bytes, 1, (size_t)size, file) == (size_t)size;
	CHECK(file && fclose(file) == 0 && written);
	arena_init(&arena, 1 << 20);
	enum outcome from_file = store_open_file(path, &arena, &store, &error);
	if (from_file == DONE)
		store_close(store);
	CHECK((from_file == DONE) == (error.size == 0));
	arena_done(&arena);
	(void)unlink(path);
	enum outcome from_memory = store_open_memory(span_of(bytes, (size_t)size), "made", &store);
	if (from_memory == DONE) {
		CHECK_EQUAL(store_count(store), 7);
		CHECK_TEXT(span_of_text(store_date(store)), "2026-01-02");
		store_close(store);
	}
	CHECK_EQUAL(from_file, from_memory);
	return from_memory;
}

static enum outcome opened(const char *before, bool tables, const char *after)
{
	sqlite3_int64 size = 0;
	unsigned char *bytes = make(before, tables, after, &size);
	CHECK(bytes);
	enum outcome outcome = bytes ? open_both(bytes, size) : NO_MEMORY;
	sqlite3_free(bytes);
	return outcome;
}

TEST(takes_its_own_tables)
{
	CHECK_EQUAL(opened("", true, FILLED), DONE);
}

TEST(refuses_another_format)
{
	CHECK_EQUAL(opened("", true, "INSERT INTO meta VALUES ('format', '0')"), UNSUPPORTED);
	CHECK_EQUAL(opened("", true, ""), MALFORMED);
}

TEST(refuses_views_by_our_names)
{
	CHECK_EQUAL(opened("", true, FILLED "DROP TABLE affected; CREATE VIEW affected AS SELECT 1 AS product,"
		" 1 AS vulnerability, 1 AS source, 1 AS feed, '' AS release, 0 AS entry, 0 AS listed, '[1,2)' AS ranges,"
		" NULL AS platform, NULL AS part, NULL AS files"), UNSUPPORTED);
	CHECK_EQUAL(opened("CREATE VIEW meta AS SELECT 'format' AS name, '" STORE_FORMAT "' AS value;"
		"CREATE VIEW affected AS SELECT 1", false, ""), UNSUPPORTED);
}

TEST(refuses_what_is_more_than_ours)
{
	CHECK_EQUAL(opened("", true, FILLED "CREATE TRIGGER more AFTER INSERT ON meta BEGIN DELETE FROM affected; END"),
		    UNSUPPORTED);
	CHECK_EQUAL(opened("", true, FILLED "CREATE VIEW more AS SELECT 1"), UNSUPPORTED);
	CHECK_EQUAL(opened("", true, FILLED "CREATE TABLE more (x)"), UNSUPPORTED);
	CHECK_EQUAL(opened("", true, FILLED "CREATE INDEX more ON meta (lower(value))"), UNSUPPORTED);
	CHECK_EQUAL(opened("", true, FILLED "ALTER TABLE meta ADD COLUMN more TEXT AS (hex(value))"), UNSUPPORTED);
}

TEST(refuses_other_databases)
{
	CHECK_EQUAL(opened("CREATE TABLE x (y)", false, ""), MALFORMED);
}

TESTS(takes_its_own_tables, refuses_another_format, refuses_views_by_our_names, refuses_what_is_more_than_ours,
      refuses_other_databases)
