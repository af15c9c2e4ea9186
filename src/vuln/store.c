#include "vuln/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/embedded.h"
#include "evidence/query.h"
#include "evidence/schema.h"
#include "vuln/store_pack.h"

enum { NAME_MAX_SIZE = 256, DATE_SIZE = 11, OLD_AFTER_DAYS = 30 };

#define UNPACKED_MAX ((size_t)1024 * 1024 * 1024)

struct store {
	sqlite3 *database;
	struct buffer bytes; /* of one that was packed */
	char name[NAME_MAX_SIZE];
	char date[DATE_SIZE];
	int64_t count;
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
	return format ? DONE : UNSUPPORTED;
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

static enum outcome finish_opening(struct store *store, int result, struct store **out)
{
	enum outcome outcome = result == SQLITE_OK ? check_schema(store->database) : MALFORMED;
	if (outcome == DONE)
		outcome = read_meta(store);
	if (outcome != DONE) {
		store_close(store);
		return outcome;
	}
	*out = store;
	return DONE;
}

/* file:PATH?immutable=1, with the characters escaped that mean something in a URI. */
static enum outcome write_uri(struct buffer *out, struct span path)
{
	TRY(buffer_append(out, SPAN_LITERAL("file:")));
	for (size_t i = 0; i < path.size; i++) {
		uint8_t c = span_byte(path, i);
		char escaped[4];
		bool plain = c != '?' && c != '#' && c != '%';
		(void)snprintf(escaped, sizeof escaped, plain ? "%c" : "%%%02X", c);
		TRY(buffer_append(out, span_of_text(escaped)));
	}
	return buffer_append(out, SPAN_LITERAL("?immutable=1"));
}

static char *file_uri(struct arena *arena, const char *path)
{
	struct buffer text;
	buffer_init(&text, 64 * 1024, NULL);
	char *uri = write_uri(&text, span_of_text(path)) == DONE ? arena_text(arena, buffer_span(&text)) : NULL;
	buffer_done(&text);
	return uri;
}

enum outcome store_open_file(const char *path, struct arena *arena, struct store **out, struct span *error)
{
	const char *uri = file_uri(arena, path);
	const char *name = arena_text(arena, span_basename(span_of_text(path)));
	if (!uri || !name)
		return NO_MEMORY;
	struct store *store;
	TRY(store_new(name, &store));
	int result = sqlite3_open_v2(uri, &store->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_exec(store->database, "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456;",
				      NULL, NULL, NULL);
	enum outcome outcome = finish_opening(store, result, out);
	if (outcome == MALFORMED)
		*error = arena_format(arena, "%s is not a vulnerability store", path);
	if (outcome == UNSUPPORTED)
		*error = arena_format(arena, "%s was built by another version of assay; build it again", path);
	return outcome;
}

static enum outcome open_bytes(struct store *store, struct span bytes, struct store **out)
{
	/* SQLite takes a plain pointer, and READONLY holds it to not writing. */
	unsigned char *plain;
	memcpy(&plain, &bytes.data, sizeof plain);
	int result = sqlite3_open_v2(":memory:", &store->database, SQLITE_OPEN_READWRITE, NULL);
	if (result == SQLITE_OK)
		result = sqlite3_deserialize(store->database, "main", plain, (sqlite3_int64)bytes.size,
					     (sqlite3_int64)bytes.size, SQLITE_DESERIALIZE_READONLY);
	/* What is sorted must not spill into a file: within the sandbox there is none. */
	if (result == SQLITE_OK)
		result = sqlite3_exec(store->database, "PRAGMA temp_store = MEMORY;", NULL, NULL, NULL);
	return finish_opening(store, result, out);
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
	if (outcome != DONE) {
		store_close(store);
		return outcome;
	}
	return open_bytes(store, buffer_span(&store->bytes), out);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	query_close(store->database);
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
	struct query query = query_start(store->database, "SELECT min(date) FROM feed WHERE name IN ('nvd', 'cve', 'kev', 'epss')"
							  " AND date <> ''");
	bool dated = query_next(&query) && !query_is_null(&query, 0);
	bool old = store_day_is_old(dated ? query_text(&query, 0) : span_of_text(store->date));
	return query_end(&query) != DONE || old;
}

bool store_day_is_old(struct span day)
{
	char limit[21];
	clock_format_utc(clock_report_time() - (int64_t)OLD_AFTER_DAYS * 24 * 60 * 60, limit);
	return span_compare(day, span_slice(span_of_text(limit), 0, DATE_SIZE - 1)) < 0;
}
