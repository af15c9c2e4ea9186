#include "evidence/evidence.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/effort.h"
#include "base/embedded.h"
#include "evidence/query.h"
#include "evidence/schema.h"

/* PRAGMA user_version of the tables in schema.sql: raised when a column changes its meaning. */
#define SCHEMA_VERSION "1"

/* Of the bound; the rest is for what is concluded. */
enum { FULL_PART = 5, FULL_PARTS = 8 };

struct evidence {
	sqlite3 *database;
	sqlite3_stmt *inserts[EVIDENCE_TABLES]; /* prepared when first needed */
	uint64_t bound;         /* pages; 0 for none */
	sqlite3_stmt *pages;    /* prepared by evidence_bound() */
};

/* Nothing of SQLite's own may reach for files, and nothing may depend on the machine. */
static const char settings[] = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;"
			       "PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF;";

static enum outcome open_database(struct evidence **out)
{
	struct evidence *evidence = calloc(1, sizeof *evidence);
	if (!evidence)
		return NO_MEMORY;
	if (sqlite3_open_v2(":memory:", &evidence->database,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		evidence_free(evidence);
		return NO_MEMORY;
	}
	query_meter(evidence->database);
	*out = evidence;
	return DONE;
}

enum outcome evidence_new(struct evidence **out)
{
	struct evidence *evidence;
	TRY(open_database(&evidence));
	const char *schema = (const char *)embedded("schema.sql").data;
	enum outcome outcome = query_run(evidence->database, settings);
	if (outcome == DONE)
		outcome = query_run(evidence->database, schema);
	if (outcome == DONE)
		outcome = query_run(evidence->database, "PRAGMA user_version = " SCHEMA_VERSION);
	if (outcome == DONE)
		*out = evidence;
	else
		evidence_free(evidence);
	return outcome;
}

static bool is_evidence(sqlite3 *database)
{
	return query_number(database, "SELECT user_version = " SCHEMA_VERSION " FROM pragma_user_version") == 1 &&
	       query_number(database, "SELECT count(*) FROM sqlite_schema WHERE name IN ('image', 'file', 'verdict')") == 3;
}

enum outcome evidence_load(struct span saved, struct evidence **out)
{
	struct evidence *evidence;
	TRY(open_database(&evidence));
	unsigned char *copy = saved.size ? sqlite3_malloc64(saved.size) : NULL;
	if (copy)
		memcpy(copy, saved.data, saved.size);
	/* SQLite owns the copy from here on, even where it refuses it. */
	bool loaded = copy && sqlite3_deserialize(evidence->database, "main", copy, (sqlite3_int64)saved.size,
						  (sqlite3_int64)saved.size,
						  SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK;
	if (loaded && query_run(evidence->database, settings) == DONE && is_evidence(evidence->database) &&
	    schema_holds(evidence->database, (const char *)embedded("schema.sql").data)) {
		*out = evidence;
		return DONE;
	}
	evidence_free(evidence);
	return copy || saved.size == 0 ? MALFORMED : NO_MEMORY;
}

void evidence_free(struct evidence *evidence)
{
	if (!evidence)
		return;
	for (int table = 0; table < EVIDENCE_TABLES; table++)
		(void)sqlite3_finalize(evidence->inserts[table]);
	(void)sqlite3_finalize(evidence->pages);
	query_close(evidence->database);
	free(evidence);
}

enum outcome evidence_save(struct evidence *evidence, struct buffer *out)
{
	sqlite3_int64 size = 0;
	unsigned char *bytes = sqlite3_serialize(evidence->database, "main", &size, 0);
	if (!bytes)
		return NO_MEMORY;
	enum outcome outcome = buffer_append(out, span_of(bytes, (size_t)size));
	sqlite3_free(bytes);
	return outcome;
}

enum outcome evidence_bound(struct evidence *evidence, uint64_t bytes)
{
	char sql[160];
	uint64_t pages = bytes / (uint64_t)query_number(evidence->database, "PRAGMA page_size");
	(void)snprintf(sql, sizeof sql, "PRAGMA main.max_page_count = %llu; PRAGMA temp.max_page_count = %llu",
		       (unsigned long long)pages, (unsigned long long)pages);
	TRY(query_run(evidence->database, sql));
	evidence->bound = pages;
	return query_outcome(sqlite3_prepare_v2(evidence->database, "PRAGMA page_count", -1, &evidence->pages, NULL));
}

bool evidence_is_full(struct evidence *evidence)
{
	if (evidence->bound == 0)
		return false;
	bool known = sqlite3_step(evidence->pages) == SQLITE_ROW;
	uint64_t pages = known ? (uint64_t)sqlite3_column_int64(evidence->pages, 0) : 0;
	(void)sqlite3_reset(evidence->pages);
	return pages >= evidence->bound / FULL_PARTS * FULL_PART;
}

sqlite3 *evidence_database(struct evidence *evidence)
{
	return evidence->database;
}

enum outcome evidence_begin(struct evidence *evidence)
{
	return query_run(evidence->database, "BEGIN");
}

enum outcome evidence_commit(struct evidence *evidence)
{
	return query_run(evidence->database, "COMMIT");
}

static sqlite3_stmt *insert_for(struct evidence *evidence, enum evidence_table table)
{
	if (evidence->inserts[table])
		return evidence->inserts[table];
	char sql[1024]; /* by name, so that a table whose columns stand in another order takes no wrong values */
	int length = snprintf(sql, sizeof sql, "INSERT INTO %s (%s) VALUES (?", evidence_tables[table].name,
			      evidence_tables[table].names);
	for (int column = 1; column < evidence_tables[table].columns; column++)
		length += snprintf(sql + length, sizeof sql - (size_t)length, ",?");
	(void)snprintf(sql + length, sizeof sql - (size_t)length, ")");
	(void)sqlite3_prepare_v3(evidence->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &evidence->inserts[table], NULL);
	return evidence->inserts[table];
}

static int bind_value(sqlite3_stmt *statement, int parameter, const struct value *value)
{
	switch (value->type) {
	case VALUE_INTEGER:
		return sqlite3_bind_int64(statement, parameter, value->integer);
	case VALUE_REAL:
		return sqlite3_bind_double(statement, parameter, value->real);
	case VALUE_TEXT:
		return sqlite3_bind_text64(statement, parameter, (const char *)value->text.data, value->text.size,
					   SQLITE_STATIC, SQLITE_UTF8);
	default:
		return sqlite3_bind_null(statement, parameter);
	}
}

static enum outcome insert(struct evidence *evidence, int64_t file, const struct fact *fact)
{
	const struct evidence_table_shape *shape = &evidence_tables[fact->table];
	sqlite3_stmt *statement = insert_for(evidence, fact->table);
	if (!statement)
		return NO_MEMORY;
	for (int column = 0; column < shape->columns; column++) {
		const struct value *value = &fact->values[column];
		bool is_file = column == shape->file_column && value->type == VALUE_NULL && file != 0;
		int result = is_file ? sqlite3_bind_int64(statement, column + 1, file)
				     : bind_value(statement, column + 1, value);
		if (result != SQLITE_OK)
			return NO_MEMORY;
	}
	int result = sqlite3_step(statement);
	(void)sqlite3_reset(statement);
	return query_outcome(result);
}

/* What has been found is written down even when nothing more is looked for. */
enum outcome evidence_insert(struct evidence *evidence, int64_t file, const struct fact *fact)
{
	enum { UNITS_PER_ROW = 2000 };
	(void)effort_spend(UNITS_PER_ROW);
	struct effort *paused = effort_pause();
	enum outcome outcome = insert(evidence, file, fact);
	effort_resume(paused);
	return outcome;
}

enum outcome evidence_insert_all(struct evidence *evidence, int64_t file, const struct facts *facts)
{
	for (const struct fact *fact = facts->first; fact; fact = fact->next)
		TRY(evidence_insert(evidence, file, fact));
	return DONE;
}

static enum outcome insert_remark(struct evidence *evidence, const struct note *note)
{
	static const char *const severities[] = { "info", "warning", "error" };
	struct value values[NOTE_COLUMNS] = {
		[NOTE_SEVERITY] = { .type = VALUE_TEXT, .text = span_of_text(severities[note->severity]) },
		[NOTE_CODE] = { .type = VALUE_TEXT, .text = note->code },
		[NOTE_MESSAGE] = { .type = VALUE_TEXT, .text = note->message },
	};
	if (note->path.size > 0)
		values[NOTE_PATH] = (struct value){ .type = VALUE_TEXT, .text = note->path };
	if (note->offset != NOTE_NO_OFFSET)
		values[NOTE_OFFSET] = (struct value){ .type = VALUE_INTEGER, .integer = (int64_t)note->offset };
	return evidence_insert(evidence, 0, &(struct fact){ .table = EVIDENCE_NOTE, .values = values });
}

static void set_text(struct value *value, struct span text)
{
	*value = (struct value){ .type = VALUE_TEXT, .text = text };
}

static void set_integer(struct value *value, int64_t integer)
{
	*value = (struct value){ .type = VALUE_INTEGER, .integer = integer };
}

/* The row of something that was not read. */
static enum outcome insert_missing(struct evidence *evidence, const struct note *note)
{
	struct value values[INCOMPLETE_COLUMNS] = { 0 };
	if (note->volume > 0)
		set_integer(&values[INCOMPLETE_VOLUME], note->volume);
	if (note->file > 0)
		set_integer(&values[INCOMPLETE_FILE], note->file);
	if (note->path.size > 0)
		set_text(&values[INCOMPLETE_PATH], note->path);
	set_text(&values[INCOMPLETE_MISSING], span_of_text(note_missing_name(note->missing)));
	set_text(&values[INCOMPLETE_CAUSE], span_of_text(note_cause_name(note->cause)));
	if (note->amount <= INT64_MAX)
		set_integer(&values[INCOMPLETE_AMOUNT], (int64_t)note->amount);
	if (note->offset <= INT64_MAX)
		set_integer(&values[INCOMPLETE_OFFSET], (int64_t)note->offset);
	set_text(&values[INCOMPLETE_CODE], note->code);
	set_text(&values[INCOMPLETE_DETAIL], note->message);
	return evidence_insert(evidence, 0, &(struct fact){ .table = EVIDENCE_INCOMPLETE, .values = values });
}

enum outcome evidence_insert_note(struct evidence *evidence, const struct note *note)
{
	TRY(insert_remark(evidence, note));
	return note->missing == MISSING_NOTHING ? DONE : insert_missing(evidence, note);
}

/* Notes that had no room: what they said is lost, and that it is lost is told. */
static enum outcome insert_dropped(struct evidence *evidence, const struct notes *notes)
{
	char message[96];
	(void)snprintf(message, sizeof message, "%zu further remarks on these files had no room", notes->dropped);
	struct note note = {
		.severity = NOTE_WARNING,
		.missing = notes->dropped_missing > 0 ? MISSING_STRUCTURE : MISSING_NOTHING,
		.cause = CAUSE_LIMIT,
		.amount = notes->dropped_missing,
		.code = SPAN_LITERAL("notes.dropped"),
		.message = span_of_text(message),
		.offset = NOTE_NO_OFFSET,
	};
	return evidence_insert_note(evidence, &note);
}

enum outcome evidence_insert_notes(struct evidence *evidence, const struct notes *notes)
{
	for (const struct note *note = notes->first; note; note = note->next)
		TRY(evidence_insert_note(evidence, note));
	return notes->dropped > 0 ? insert_dropped(evidence, notes) : DONE;
}
