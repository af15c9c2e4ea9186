#include "vuln/store_writer.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "evidence/query.h"
#include "vuln/fact_log.h"
#include "vuln/name_table.h"
#include "vuln/record_table.h"
#include "vuln/seal.h"
#include "vuln/store.h"
#include "vuln/store_writer_sql.h"

enum { ROW_NUMBERS = 3 };

struct store_writer {
	sqlite3 *database;
	struct notes *notes;
	struct buffer *manifest; /* NULL where nobody asked for it */
	struct query insert_vulnerability, insert_said, insert_product, insert_feed, date_feed;
	struct query note_feed, reject, left_out, disputed, exploited, ssvc, epss, epss_whole;
	struct name_table products, feeds;
	struct record_table records;
	int64_t feed, noted;                  /* whose facts come; the last that was noted for the file under way */
	int64_t record, id, source;           /* under way; record is its number */
	bool passed_over;                     /* the record is older than one that is there */
};

static void prepare(struct store_writer *w)
{
	sqlite3 *database = w->database;
	w->insert_vulnerability = query_start(database, store_writer_vulnerability);
	w->insert_said = query_start(database, "INSERT INTO said VALUES"
		" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
	/* Another store may have brought the name. */
	w->insert_product = query_start(database, "INSERT INTO product (name) VALUES (?1)"
		" ON CONFLICT (name) DO UPDATE SET name = name RETURNING id");
	w->insert_feed = query_start(database, "INSERT INTO feed (name, records) VALUES (?1, 0)"
		" ON CONFLICT (name) DO UPDATE SET name = name RETURNING id");
	w->note_feed = query_start(database, MANIFEST_NOTE_FEED);
	w->date_feed = query_start(database, "UPDATE feed SET date = max(coalesce(date, ''), ?2) WHERE id = ?1");
	w->reject = query_start(database, "INSERT OR IGNORE INTO rejected VALUES (?1)");
	w->left_out = query_start(database, "INSERT OR IGNORE INTO passed VALUES (?1, ?2)");
	w->disputed = query_start(database, "INSERT OR IGNORE INTO disputed VALUES (?1)");
	w->exploited = query_start(database, "INSERT INTO exploited VALUES (?1, ?2)"
		" ON CONFLICT (id) DO UPDATE SET date = min(date, excluded.date)");
	w->ssvc = query_start(database, "INSERT OR REPLACE INTO ssvc VALUES (?1, nullif(?2, ''), nullif(?3, ''), nullif(?4, ''))");
	w->epss = query_start(database, "INSERT OR REPLACE INTO epss VALUES (?1, ?2)");
	w->epss_whole = query_start(database, "INSERT INTO epss_whole VALUES (?1)");
}

static void finalize(struct store_writer *w)
{
	struct query *queries[] = { &w->insert_vulnerability, &w->insert_said, &w->insert_product, &w->insert_feed,
				    &w->date_feed, &w->reject, &w->left_out, &w->disputed, &w->exploited,
				    &w->ssvc, &w->epss, &w->epss_whole,
				    &w->note_feed };
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		(void)sqlite3_finalize(queries[i]->statement);
		queries[i]->statement = NULL;
	}
}

/* kept(number): whether a record was not replaced; spoken(id, source, feed): whether there is one. */
static void is_kept(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct store_writer *w = sqlite3_user_data(context);
	(void)count;
	sqlite3_result_int(context, record_table_keeps(&w->records, sqlite3_value_int64(values[0])));
}

static void has_spoken(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct store_writer *w = sqlite3_user_data(context);
	const struct record_key key = { sqlite3_value_int64(values[0]), sqlite3_value_int(values[1]),
					sqlite3_value_int(values[2]) };
	(void)count;
	sqlite3_result_int(context, record_table_has(&w->records, &key));
}

static bool make_functions(struct store_writer *w)
{
	return sqlite3_create_function(w->database, "kept", 1, SQLITE_UTF8, w, is_kept, NULL, NULL) == SQLITE_OK &&
	       sqlite3_create_function(w->database, "spoken", 3, SQLITE_UTF8, w, has_spoken, NULL, NULL) == SQLITE_OK;
}

/* The schema as a C string. */
static enum outcome make_tables(sqlite3 *database)
{
	struct span schema = embedded("store.sql");
	char *text = malloc(schema.size + 1);
	if (!text)
		return NO_MEMORY;
	memcpy(text, schema.data, schema.size);
	text[schema.size] = '\0';
	enum outcome outcome = query_run(database, text);
	free(text);
	if (outcome == DONE)
		outcome = manifest_begin(database);
	return outcome == DONE ? query_run(database, store_writer_temporary) : outcome;
}

enum outcome store_writer_new(const char *path, struct notes *notes, struct store_writer **out)
{
	struct store_writer *w = calloc(1, sizeof *w);
	if (!w)
		return NO_MEMORY;
	w->notes = notes;
	name_table_init(&w->products);
	name_table_init(&w->feeds);
	bool opened = sqlite3_open_v2(path, &w->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK;
	if (!opened || query_run(w->database, store_writer_settings) != DONE || make_tables(w->database) != DONE ||
	    !make_functions(w)) {
		store_writer_abandon(w);
		return MALFORMED;
	}
	prepare(w);
	*out = w;
	return DONE;
}

void store_writer_abandon(struct store_writer *w)
{
	finalize(w);
	query_close(w->database);
	name_table_done(&w->products);
	name_table_done(&w->feeds);
	record_table_done(&w->records);
	free(w);
}

struct notes *store_writer_notes(struct store_writer *w)
{
	return w->notes;
}

static enum outcome run(struct query *query)
{
	(void)query_next(query);
	bool done = query->statement && (query->result == SQLITE_DONE || query->result == SQLITE_ROW);
	query_rewind(query);
	return done ? DONE : MALFORMED;
}

/* The facts stay where they are while a statement runs; empty text is stored as NULL. */
static void bind_text(struct query *query, int parameter, struct span text)
{
	if (text.size > 0)
		(void)sqlite3_bind_text(query->statement, parameter, (const char *)text.data, (int)text.size, SQLITE_STATIC);
}

static void bind_some(struct query *query, int parameter, struct span text)
{
	bind_text(query, parameter, text.size > 0 ? text : SPAN_NONE);
	if (text.size == 0)
		(void)sqlite3_bind_text(query->statement, parameter, "", 0, SQLITE_STATIC);
}

/* The number of a name in a table, which takes it up where it is new. */
static enum outcome number_of(struct name_table *names, struct query *insert, struct span name, int64_t *out)
{
	*out = name_table_find(names, name);
	if (*out != 0)
		return DONE;
	bind_some(insert, 1, name);
	bool known = query_next(insert);
	*out = known ? query_integer(insert, 0) : 0;
	query_rewind(insert);
	return known ? name_table_add(names, name, *out) : MALFORMED;
}

static enum outcome take_vulnerability(struct store_writer *w, const struct fact *fact)
{
	struct query *query = &w->insert_vulnerability;
	query_bind_integer(query, 1, fact->number[0]);
	query_bind_integer(query, 2, fact->number[1]);
	if (fact->real >= 0.0)
		(void)sqlite3_bind_double(query->statement, 3, fact->real);
	for (int i = 0; i < 5; i++)
		bind_text(query, 4 + i, fact->text[i]);
	return run(query);
}

static enum outcome take_record(struct store_writer *w, const struct fact *fact)
{
	const struct record_key key = { fact->number[0], (int32_t)fact->number[1], (int32_t)w->feed };
	enum outcome outcome = record_table_take(&w->records, &key, fact->text[0], &w->record);
	w->id = fact->number[0];
	w->source = fact->number[1];
	w->passed_over = outcome == NOT_THIS;
	return w->passed_over ? DONE : outcome;
}

/* Rows of a record that is replaced later on are sifted out at the end. */
static enum outcome take_row(struct store_writer *w, const struct fact *fact, int64_t record, int64_t id, int64_t source)
{
	struct query *query = &w->insert_said;
	int64_t product;
	TRY(number_of(&w->products, &w->insert_product, fact->text[0], &product));
	const int64_t numbers[] = { record, product, id, source, w->feed, fact->number[0], fact->number[1], fact->number[2] };
	for (int i = 0; i < 8; i++)
		query_bind_integer(query, 1 + i, numbers[i]);
	bind_some(query, 9, fact->text[1]);
	bind_some(query, 10, fact->text[2]);
	for (int i = 3; i < FACT_TEXTS_MAX; i++)
		bind_text(query, 8 + i, fact->text[i]);
	return run(query);
}

/* What has an id, texts and a number that is none. */
static enum outcome take_plain(struct query *query, const struct fact *fact)
{
	if (fact->numbers > 0)
		query_bind_integer(query, 1, fact->number[0]);
	for (size_t i = 0; i < fact->texts; i++)
		bind_some(query, (int)(fact->numbers + 1 + i), fact->text[i]);
	return run(query);
}

static enum outcome take_epss(struct store_writer *w, const struct fact *fact)
{
	query_bind_integer(&w->epss, 1, fact->number[0]);
	(void)sqlite3_bind_double(w->epss.statement, 2, fact->real);
	return run(&w->epss);
}

static enum outcome take_date(struct store_writer *w, const struct fact *fact)
{
	query_bind_integer(&w->date_feed, 1, w->feed);
	bind_some(&w->date_feed, 2, fact->text[0]);
	return run(&w->date_feed);
}

static enum outcome take_feed(struct store_writer *w, const struct fact *fact)
{
	TRY(number_of(&w->feeds, &w->insert_feed, fact->text[0], &w->feed));
	if (w->feed == w->noted)
		return DONE;
	w->noted = w->feed;
	query_bind_integer(&w->note_feed, 1, w->feed);
	return run(&w->note_feed);
}

static enum outcome take_note(struct store_writer *w, const struct fact *fact)
{
	const char *code = arena_text(w->notes->arena, fact->text[0]);
	if (code)
		notes_add(w->notes, (enum note_severity)fact->number[0], code, NOTE_NO_OFFSET, "%.*s", SPAN_FORMAT(fact->text[1]));
	return DONE;
}

static enum outcome take_fact(struct store_writer *w, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_FEED:
		return take_feed(w, fact);
	case FACT_DATE:
		return take_date(w, fact);
	case FACT_VULNERABILITY:
		return take_vulnerability(w, fact);
	case FACT_REJECTED:
		return take_plain(&w->reject, fact);
	case FACT_LEFT_OUT:
		return take_plain(&w->left_out, fact);
	case FACT_DISPUTED:
		return take_plain(&w->disputed, fact);
	case FACT_EXPLOITED:
		return take_plain(&w->exploited, fact);
	case FACT_SSVC:
		return take_plain(&w->ssvc, fact);
	case FACT_EPSS:
		return take_epss(w, fact);
	case FACT_EPSS_WHOLE:
		return take_plain(&w->epss_whole, fact);
	case FACT_RECORD:
		return take_record(w, fact);
	case FACT_ROW:
		return w->passed_over ? DONE : take_row(w, fact, w->record, w->id, w->source);
	case FACT_AFFECTED:
		return take_row(w, fact, 0, fact->number[ROW_NUMBERS], fact->number[ROW_NUMBERS + 1]);
	case FACT_NOTE:
		return take_note(w, fact);
	}
	return MALFORMED;
}

enum outcome store_writer_take(struct store_writer *w, struct span facts)
{
	struct fact fact;
	while (fact_log_next(&facts, &fact))
		TRY(take_fact(w, &fact));
	return DONE;
}

enum outcome store_writer_mark(struct store_writer *w)
{
	name_table_mark(&w->products);
	name_table_mark(&w->feeds);
	record_table_mark(&w->records);
	return query_run(w->database, "SAVEPOINT file");
}

enum outcome store_writer_keep(struct store_writer *w)
{
	record_table_keep(&w->records);
	return query_run(w->database, "RELEASE file");
}

enum outcome store_writer_undo(struct store_writer *w)
{
	name_table_undo(&w->products);
	name_table_undo(&w->feeds);
	record_table_undo(&w->records);
	return query_run(w->database, "ROLLBACK TO file; RELEASE file");
}

enum outcome store_writer_merge(struct store_writer *w, struct span store)
{
	struct seal seal;
	if (store.size == 0)
		return DONE;
	TRY(seal_split(store, &seal));
	store = seal.database;
	TRY(manifest_note_base(w->database, seal.digest));
	TRY(query_run(w->database, store_writer_gather));
	TRY(query_run(w->database, "COMMIT; ATTACH ':memory:' AS base"));
	/* SQLite takes a plain pointer, and READONLY holds it to not writing. */
	unsigned char *plain;
	memcpy(&plain, &store.data, sizeof plain);
	if (sqlite3_deserialize(w->database, "base", plain, (sqlite3_int64)store.size, (sqlite3_int64)store.size,
				SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
		return MALFORMED;
	TRY(query_run(w->database, "BEGIN"));
	TRY(query_run(w->database, store_writer_merging));
	return query_run(w->database, "COMMIT; DETACH base; BEGIN");
}

enum outcome store_writer_input(struct store_writer *w, const struct manifest_input *input)
{
	w->noted = 0;
	return manifest_note_input(w->database, input);
}

void store_writer_manifest_into(struct store_writer *w, struct buffer *manifest)
{
	w->manifest = manifest;
}

/* The records as a table, for what counts them. */
static enum outcome write_records(struct store_writer *w)
{
	TRY(query_run(w->database, "CREATE TEMP TABLE record (id INTEGER, source INTEGER, feed INTEGER)"));
	struct query insert = query_start(w->database, "INSERT INTO record VALUES (?1, ?2, ?3)");
	struct record_key key;
	for (size_t at = 0; record_table_next(&w->records, &at, &key);) {
		query_bind_integer(&insert, 1, key.id);
		query_bind_integer(&insert, 2, key.source);
		query_bind_integer(&insert, 3, key.feed);
		(void)query_next(&insert);
		query_rewind(&insert);
	}
	return query_end(&insert);
}

static enum outcome write_manifest(struct store_writer *w)
{
	TRY(write_records(w));
	TRY(manifest_settle(w->database));
	return manifest_write(w->database, w->manifest);
}

enum outcome store_writer_finish(struct store_writer *w)
{
	finalize(w);
	enum outcome outcome = query_run(w->database, store_writer_gather);
	if (outcome == DONE)
		outcome = query_run(w->database, "INSERT OR IGNORE INTO vulnerability (id, rank)"
						 " SELECT DISTINCT vulnerability, 99 FROM affected");
	if (outcome == DONE) {
		struct query mark = query_start(w->database, store_writer_stated);
		query_bind_integer(&mark, 1, SOURCE_DISTRIBUTION);
		query_bind_integer(&mark, 2, SOURCE_ADVISORY);
		(void)query_next(&mark);
		outcome = query_end(&mark);
	}
	if (outcome == DONE)
		outcome = query_run(w->database, store_writer_joining);
	if (outcome == DONE && w->manifest)
		outcome = write_manifest(w);
	if (outcome == DONE)
		outcome = query_run(w->database, store_writer_closing);
	store_writer_abandon(w);
	return outcome;
}
