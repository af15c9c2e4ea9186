#include "vuln/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/scoped.h"
#include "evidence/query.h"
#include "evidence/schema.h"
#include "vuln/store_pack.h"

enum { DAY_SECONDS = 24 * 60 * 60, FOREIGN_NAME_SIZE = 64 };
enum { NAME_MAX_SIZE = 256, DATE_SIZE = 11, OLD_AFTER_DAYS = 30, VALUE_MAX = 64 << 20, MANIFEST_MEMORY = 64 << 20 };

#define UNPACKED_MAX ((size_t)1024 * 1024 * 1024)

struct store {
	sqlite3 *database;
	struct buffer bytes; /* of one that was packed */
	char name[NAME_MAX_SIZE];
	char date[DATE_SIZE];
	int64_t count;
	struct file_view view; /* of a file that was opened here */
	struct seal seal;
	struct seal_verdict verdict;
	bool judged;
	struct span other;     /* manifest of another store, which this one is held against */
};

static const struct {
	const char *word, *title;
} sources[SOURCE_COUNT] = {
	[SOURCE_VENDOR] = { "vendor", "its maker" },
	[SOURCE_CNA] = { "cve", "the CVE record" },
	[SOURCE_TRACKER] = { "tracker", "the tracker of Linux's faults" },
	[SOURCE_NVD_OVERRIDE] = { "nvd", "ranges added to NVD" },
	[SOURCE_NVD] = { "nvd", "NVD" },
	[SOURCE_ADP] = { "cve", "an addition to the CVE record" },
	[SOURCE_DESCRIPTION] = { "cve", "the CVE's description" },
	[SOURCE_DISTRIBUTION] = { "osv", "the distribution's advisories" },
	[SOURCE_FUZZING] = { "osv", "OSS-Fuzz" },
	[SOURCE_REVIEW] = { "assay", "assay's own review" },
	[SOURCE_ADVISORY] = { "osv", "an advisory (GitHub, OSV, EUVD)" },
	[SOURCE_LISTED] = { "kev", "CISA's list of exploited vulnerabilities" },
};

const char *store_source_word(enum store_source source)
{
	return source > 0 && source < SOURCE_COUNT ? sources[source].word : "";
}

const char *store_source_title(enum store_source source)
{
	return source > 0 && source < SOURCE_COUNT ? sources[source].title : "";
}

/* Reports print what it says of itself as days and names. */
static bool are_days(sqlite3 *database)
{
#define DAY "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"
	return query_number(database,
		"SELECT (SELECT count(*) FROM meta WHERE name = 'date' AND value <> '' AND value NOT GLOB " DAY
		") + (SELECT count(*) FROM feed WHERE date <> '' AND date NOT GLOB " DAY
		") + (SELECT count(*) FROM feed WHERE length(name) > 64 OR name GLOB '*[^a-z0-9.-]*')") == 0;
}

/* Reads format, date and count; so SQLite has the schema before the sandbox closes. */
static enum outcome read_meta(struct store *store)
{
	struct query query = query_start(store->database, "SELECT value FROM meta WHERE name = ?1");
	query_bind_text(&query, 1, SPAN_LITERAL("format"));
	bool known = query_next(&query);
	bool format = known && span_equal_text(query_text(&query, 0), STORE_FORMAT);
	query_rewind(&query);
	query_bind_text(&query, 1, SPAN_LITERAL("date"));
	if (query_next(&query))
		(void)snprintf(store->date, sizeof store->date, "%.*s", SPAN_FORMAT(query_text(&query, 0)));
	query_rewind(&query);
	query_bind_text(&query, 1, SPAN_LITERAL("vulnerabilities"));
	uint64_t count = 0;
	if (query_next(&query) && span_to_number(query_text(&query, 0), INT64_MAX, &count))
		store->count = (int64_t)count;
	TRY(query_end(&query));
	if (!known)
		return MALFORMED;
	return !format ? UNSUPPORTED : are_days(store->database) ? DONE : MALFORMED;
}

static enum outcome store_new(const char *name, struct store **out)
{
	struct store *store = calloc(1, sizeof *store);
	if (!store)
		return NO_MEMORY;
	(void)snprintf(store->name, sizeof store->name, "%s", name);
	buffer_init(&store->bytes, UNPACKED_MAX, NULL);
	*out = store;
	return DONE;
}

/* Nothing is asked of other tables than ours: a view by such a name would run whatever it says. */
static enum outcome check_schema(sqlite3 *database)
{
	if (schema_holds(database, (const char *)embedded("store.sql").data))
		return DONE;
	bool alike = query_number(database, "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'affected')") == 2;
	return alike ? UNSUPPORTED : MALFORMED;
}

/*
 * A store is a database of somebody else's: nothing that its schema says is run, whatever it says, and what it holds is
 * bounded. What is sorted must not spill into a file: within the sandbox there is none.
 */
static bool defend(sqlite3 *database)
{
	(void)sqlite3_limit(database, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	(void)sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
	return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
	       sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
	       sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) == SQLITE_OK &&
	       sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL) == SQLITE_OK &&
	       query_run(database, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;") == DONE;
}

static enum outcome open_database(struct store *store)
{
	/* SQLite takes a plain pointer, and READONLY holds it to not writing. */
	struct span bytes = store->seal.database;
	unsigned char *plain;
	memcpy(&plain, &bytes.data, sizeof plain);
	int result = sqlite3_open_v2(":memory:", &store->database, SQLITE_OPEN_READWRITE, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_deserialize(store->database, "main", plain, (sqlite3_int64)bytes.size,
					     (sqlite3_int64)bytes.size, SQLITE_DESERIALIZE_READONLY);
	return result == SQLITE_OK && defend(store->database) ? DONE : MALFORMED;
}

static enum outcome check_manifest(const struct store *store)
{
	SCOPED(arena) arena = { 0 };
	const struct json_tree *manifest;
	struct span error;
	arena_init(&arena, MANIFEST_MEMORY);
	return store_manifest(store, &arena, &manifest, &error);
}

/* Closes the store where it is none. */
static enum outcome open_bytes(struct store *store, struct span bytes, struct store **out)
{
	enum outcome outcome = seal_split(bytes, &store->seal);
	if (outcome == DONE)
		outcome = open_database(store);
	if (outcome == DONE)
		outcome = check_schema(store->database);
	if (outcome == DONE)
		outcome = read_meta(store);
	if (outcome == DONE)
		outcome = check_manifest(store);
	if (outcome != DONE) {
		store_close(store);
		return outcome;
	}
	*out = store;
	return DONE;
}

struct span store_foreign(struct span bytes, struct arena *arena)
{
	struct store store = { 0 };
	struct span words = SPAN_NONE;
	if (seal_split(bytes, &store.seal) == DONE && open_database(&store) == DONE) {
		struct query query = query_start(store.database,
			"SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'trigger') OR name NOT IN ('meta', 'feed',"
			" 'vulnerability', 'product', 'affected', 'left_out') AND name NOT LIKE 'sqlite_autoindex_%'"
			" ORDER BY type DESC, name LIMIT 1");
		if (query_next(&query))
			words = arena_format(arena, "%.*s \"%.*s\"", SPAN_FORMAT(query_text(&query, 0)),
					     SPAN_FORMAT(span_slice(query_text(&query, 1), 0, FOREIGN_NAME_SIZE)));
		(void)!query_end(&query);
	}
	query_close(store.database);
	return words;
}

enum outcome store_open_memory(struct span bytes, const char *name, struct store **out)
{
	struct store *store;
	TRY(store_new(name, &store));
	return open_bytes(store, bytes, out);
}

enum outcome store_open_packed(struct span packed, const char *name, struct store **out)
{
	struct store *store;
	TRY(store_new(name, &store));
	enum outcome outcome = store_unpack(packed, &store->bytes);
	if (outcome == DONE)
		return open_bytes(store, buffer_span(&store->bytes), out);
	store_close(store);
	return outcome;
}

enum outcome store_open_file(const char *path, struct arena *arena, struct store **out, struct span *error)
{
	struct store *store;
	const char *name = arena_text(arena, span_basename(span_of_text(path)));
	if (!name)
		return NO_MEMORY;
	TRY(store_new(name, &store));
	bool read = file_view_open(path, STORE_MOST, &store->view);
	enum outcome outcome = read ? open_bytes(store, store->view.bytes, out) : MALFORMED;
	if (!read)
		store_close(store);
	if (outcome == MALFORMED)
		*error = arena_format(arena, "%s is not a vulnerability store", path);
	if (outcome == UNSUPPORTED)
		*error = arena_format(arena, "%s was built by another version of assay, or changed; build it again", path);
	return outcome;
}

const struct seal *store_seal(const struct store *store)
{
	return &store->seal;
}

enum outcome store_manifest(const struct store *store, struct arena *arena, const struct json_tree **out, struct span *error)
{
	*out = NULL;
	return store->seal.sealed ? manifest_read(store->seal.manifest, store->database, arena, out, error) : DONE;
}

void store_vouch(struct store *store, const struct seal_verdict *verdict)
{
	store->verdict = *verdict;
	store->judged = true;
}

const struct seal_verdict *store_verdict(struct store *store)
{
	if (!store->judged)
		store->verdict = seal_judge(&store->seal, NULL, 0);
	store->judged = true;
	return &store->verdict;
}

void store_measure_against(struct store *store, struct span manifest)
{
	store->other = manifest;
}

struct span store_measure(const struct store *store)
{
	return store->other;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	query_close(store->database);
	file_view_close(&store->view);
	buffer_done(&store->bytes);
	free(store);
}

sqlite3 *store_database(const struct store *store)
{
	return store->database;
}

const char *store_name(const struct store *store)
{
	return store->name;
}

const char *store_date(const struct store *store)
{
	return store->date;
}

int64_t store_count(const struct store *store)
{
	return store->count;
}

bool store_is_old(const struct store *store)
{
	struct query query = query_start(store->database, "SELECT min(date), max(date) FROM feed"
							  " WHERE name IN ('nvd', 'cve', 'kev', 'epss')"
							  " AND date <> ''");
	bool dated = query_next(&query) && !query_is_null(&query, 0);
	bool old = store_day_is_old(dated ? query_text(&query, 0) : span_of_text(store->date));
	old = old || (dated && store_day_is_future(query_text(&query, 1)));
	return query_end(&query) != DONE || old;
}

bool store_day_is_future(struct span day)
{
	char latest[21];
	clock_format_utc(clock_latest_time() + DAY_SECONDS, latest);
	return span_compare(span_slice(span_of_text(latest), 0, DATE_SIZE - 1), day) < 0;
}

bool store_day_is_old(struct span day)
{
	char limit[21];
	if (store_day_is_future(day))
		return true;
	clock_format_utc(clock_report_time() - (int64_t)OLD_AFTER_DAYS * DAY_SECONDS, limit);
	return span_compare(day, span_slice(span_of_text(limit), 0, DATE_SIZE - 1)) < 0;
}
