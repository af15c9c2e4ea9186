#include "vuln/manifest.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/scoped.h"
#include "evidence/query.h"
#include "vuln/store.h"

static const char SQL_BEGIN[] =
	"CREATE TEMP TABLE input (number INTEGER PRIMARY KEY, name TEXT, size INTEGER, digest BLOB, documents INTEGER,"
	" left_out INTEGER, why TEXT);"
	"CREATE TEMP TABLE input_feed (input INTEGER, feed INTEGER, PRIMARY KEY (input, feed)) WITHOUT ROWID;"
	"CREATE TEMP TABLE manifest_base (digest TEXT);"
	"CREATE TEMP TABLE account (feed INTEGER PRIMARY KEY, read INTEGER, rejected INTEGER, silent INTEGER);";

enum outcome manifest_begin(sqlite3 *database)
{
	return query_run(database, SQL_BEGIN);
}

static enum outcome step(struct query *query)
{
	(void)query_next(query);
	return query_end(query);
}

enum outcome manifest_note_input(struct query *query, const struct manifest_input *input)
{
	query_bind_text(query, 1, input->name);
	query_bind_integer(query, 2, (int64_t)input->size);
	query_bind_text(query, 3, input->digest);
	query_bind_integer(query, 4, (int64_t)input->documents);
	query_bind_integer(query, 5, (int64_t)input->left_out);
	query_bind_text(query, 6, input->why);
	(void)query_next(query);
	query_rewind(query);
	return query_outcome(query->result);
}

enum outcome manifest_note_base(sqlite3 *database, struct span digest)
{
	struct query query = query_start(database, "INSERT INTO manifest_base VALUES (?1)");
	query_bind_text(&query, 1, digest);
	return step(&query);
}

enum outcome manifest_settle(sqlite3 *database, int64_t feed, const struct manifest_account *account)
{
	struct query query = query_start(database, "INSERT INTO account VALUES (?1, ?2, ?3, ?4)");
	query_bind_integer(&query, 1, feed);
	query_bind_integer(&query, 2, account->read);
	query_bind_integer(&query, 3, account->rejected);
	query_bind_integer(&query, 4, account->silent);
	return step(&query);
}

static void write_names(struct json *json, const char *key, struct query *names, int64_t of)
{
	json_key(json, key);
	json_array_open(json);
	query_bind_integer(names, 1, of);
	while (query_next(names))
		json_string(json, query_text(names, 0));
	query_rewind(names);
	json_array_close(json);
}

static void write_left_out(struct json *json, int64_t count, const char *why)
{
	if (count == 0)
		return;
	json_object_open(json);
	json_member_integer(json, "count", count);
	json_member_text(json, "why", why);
	json_object_close(json);
}

static void write_source(struct json *json, const struct query *row, struct query *files)
{
	json_object_open(json);
	json_member_string(json, "name", query_text(row, 1));
	json_member_string(json, "date", query_text(row, 2));
	json_member_integer(json, "records", query_integer(row, 3));
	json_key(json, "read");
	query_is_null(row, 4) ? json_null(json) : json_integer(json, query_integer(row, 4));
	json_member_boolean(json, "built_in", query_integer(row, 7) != 0);
	write_names(json, "files", files, query_integer(row, 0));
	json_key(json, "left_out");
	json_array_open(json);
	write_left_out(json, query_integer(row, 5), "rejected or withdrawn since");
	write_left_out(json, query_integer(row, 6), "name no product with versions that can be compared");
	json_array_close(json);
	json_object_close(json);
}

static enum outcome write_sources(struct json *json, sqlite3 *database)
{
	struct query rows = query_start(database,
		"SELECT f.id, f.name, coalesce(f.date, ''), f.records, a.read, a.rejected, a.silent, f.records > 0 AND NOT EXISTS"
		" (SELECT 1 FROM input_feed i WHERE i.feed = f.id) AND EXISTS (SELECT 1 FROM manifest_base)"
		" FROM main.feed f LEFT JOIN account a ON a.feed = f.id WHERE f.name <> 'assay' ORDER BY f.name");
	struct query files = query_start(database, "SELECT DISTINCT i.name FROM input_feed f JOIN input i ON i.number = f.input"
						   " WHERE f.feed = ?1 ORDER BY 1 LIMIT 16");
	json_key(json, "sources");
	json_array_open(json);
	while (query_next(&rows))
		write_source(json, &rows, &files);
	json_array_close(json);
	TRY(query_end(&files));
	return query_end(&rows);
}

static void write_input(struct json *json, const struct query *row, struct query *sources, struct arena *arena)
{
	json_object_open(json);
	json_member_string(json, "name", query_text(row, 1));
	json_member_integer(json, "bytes", query_integer(row, 2));
	json_member_string(json, "sha256", digest_hex(arena, query_text(row, 3)));
	write_names(json, "sources", sources, query_integer(row, 0));
	json_member_integer(json, "documents", query_integer(row, 4));
	json_member_integer(json, "left_out", query_integer(row, 5));
	json_member_string(json, "why", query_text(row, 6));
	json_object_close(json);
}

/* What is beyond those that are named, as one digest of all of theirs. */
static enum outcome write_further(struct json *json, struct query *rows, bool more, struct arena *arena)
{
	SCOPED(buffer) digests = { 0 };
	int64_t count = 0, size = 0;
	buffer_init(&digests, SIZE_MAX / 2, NULL);
	for (; more; more = query_next(rows)) {
		TRY(buffer_append(&digests, query_text(rows, 3)));
		size += query_integer(rows, 2);
		count++;
	}
	json_key(json, "further_inputs");
	if (count == 0) {
		json_null(json);
		return DONE;
	}
	uint8_t digest[SHA256_SIZE];
	digest_sha256(buffer_span(&digests), digest);
	json_object_open(json);
	json_member_integer(json, "count", count);
	json_member_integer(json, "bytes", size);
	json_member_string(json, "sha256", digest_hex(arena, span_of(digest, sizeof digest)));
	json_object_close(json);
	return DONE;
}

/* In the order of their bytes; what was left out stands first, so that it is among those that are named. */
static enum outcome write_inputs(struct json *json, sqlite3 *database)
{
	struct arena arena;
	struct query rows = query_start(database, "SELECT number, name, size, digest, documents, left_out, why FROM input"
						  " ORDER BY why = '', digest, name");
	struct query sources = query_start(database, "SELECT f.name FROM input_feed i JOIN main.feed f ON f.id = i.feed"
						     " WHERE i.input = ?1 ORDER BY 1");
	arena_init(&arena, 4 << 20);
	json_key(json, "inputs");
	json_array_open(json);
	bool more = query_next(&rows);
	for (int i = 0; more && i < MANIFEST_INPUTS_MAX; i++, more = query_next(&rows))
		write_input(json, &rows, &sources, &arena);
	json_array_close(json);
	enum outcome outcome = write_further(json, &rows, more, &arena);
	arena_done(&arena);
	TRY(query_end(&sources));
	TRY(query_end(&rows));
	return outcome;
}

static void write_text(struct json *json, sqlite3 *database, const char *key, const char *sql)
{
	struct query query = query_start(database, sql);
	json_key(json, key);
	query_next(&query) ? json_string(json, query_text(&query, 0)) : json_null(json);
	(void)!query_end(&query);
}

enum outcome manifest_write(sqlite3 *database, struct buffer *out)
{
	struct json json;
	json_init(&json, out, true);
	json_object_open(&json);
	json_member_text(&json, "store_format", STORE_FORMAT);
	json_member_text(&json, "made_by", "assay " ASSAY_VERSION);
	write_text(&json, database, "date", "SELECT value FROM meta WHERE name = 'date'");
	json_member_integer(&json, "vulnerabilities",
			    query_number(database, "SELECT value FROM meta WHERE name = 'vulnerabilities'"));
	json_member_integer(&json, "rows", query_number(database, "SELECT count(*) FROM affected"));
	write_text(&json, database, "base", "SELECT digest FROM manifest_base");
	TRY(write_sources(&json, database));
	TRY(write_inputs(&json, database));
	json_object_close(&json);
	return json_done(&json);
}

enum outcome manifest_of_tables(sqlite3 *database, struct buffer *out)
{
	TRY(query_run(database, SQL_BEGIN)); /* in memory, as all that is temporary in a store that is read */
	return manifest_write(database, out);
}
