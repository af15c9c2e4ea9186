#define _POSIX_C_SOURCE 200809L
#include "register/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "register/csv_write.h"

enum { NAME_SIZE = 96, SQL_SIZE = 512, ARENA_CEILING = 1 << 20, COLUMNS_MAX = 40 };
static const size_t PIECE = (size_t)1 << 20, ROW_CEILING = (size_t)1 << 30;

/* What is personal stands in these tables alone. */
static const char *const personal_tables[] = { "person_private" };

struct exporting {
	struct registry *registry;
	struct export_counts *out;
	int folder;
	enum export_format format;
	bool personal;
	struct buffer manifest, piece; /* of the file that is being written */
	struct json json;              /* the manifest */
};

static bool is_personal(struct span table)
{
	for (size_t i = 0; i < sizeof personal_tables / sizeof *personal_tables; i++)
		if (span_equal_text(table, personal_tables[i]))
			return true;
	return false;
}

static enum outcome fail(struct exporting *exporting, const char *name)
{
	return registry_fail(exporting->registry, MALFORMED, "%s: %s", name, strerror(errno));
}

static int create(struct exporting *exporting, const char *name)
{
	int descriptor = openat(exporting->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (descriptor < 0)
		(void)fail(exporting, name);
	return descriptor;
}

static enum outcome write_json_row(struct buffer *out, const struct rows *rows)
{
	struct json json;
	json_init(&json, out, true);
	json_object_open(&json);
	for (int i = 0; i < rows_columns(rows); i++)
		value_write_member(&json, rows_name(rows, i), rows_value(rows, i));
	json_object_close(&json);
	return json_done(&json);
}

static enum outcome write_csv_row(struct buffer *out, const struct rows *rows, bool names)
{
	for (int i = 0; i < rows_columns(rows); i++) {
		if (i > 0)
			TRY(buffer_append(out, SPAN_LITERAL(",")));
		TRY(csv_write(out, names ? value_word(rows_name(rows, i)) : rows_value(rows, i)));
	}
	return buffer_append(out, SPAN_LITERAL("\n"));
}

static enum outcome flush(struct exporting *exporting, int descriptor, const char *name, size_t from)
{
	if (exporting->piece.size <= from)
		return DONE;
	if (!file_write_all(descriptor, buffer_span(&exporting->piece)))
		return fail(exporting, name);
	buffer_clear(&exporting->piece);
	return DONE;
}

static enum outcome write_rows(struct exporting *exporting, int descriptor, const char *name, struct rows *rows, int64_t *count)
{
	struct buffer *piece = &exporting->piece;
	bool csv = exporting->format == EXPORT_CSV, more = rows_next(rows);
	enum outcome outcome = csv ? write_csv_row(piece, rows, true) : DONE;
	for (; more && outcome == DONE; more = rows_next(rows)) {
		outcome = csv ? write_csv_row(piece, rows, false) : write_json_row(piece, rows);
		++*count;
		if (outcome == DONE)
			TRY(flush(exporting, descriptor, name, PIECE));
	}
	TRY(registry_done(exporting->registry, outcome, name));
	return flush(exporting, descriptor, name, 0);
}

/*
 * By all columns: the first ones are the key, and no two rows have all the same. (Which columns there are, is asked of
 * the engine: a table that comes to be later is exported too.)
 */
static enum outcome statement(struct exporting *exporting, struct span table, char sql[static SQL_SIZE])
{
	(void)snprintf(sql, SQL_SIZE, "SELECT * FROM %.*s LIMIT 0", SPAN_FORMAT(table));
	struct rows rows = rows_start(exporting->registry->database, sql);
	(void)rows_next(&rows);
	int columns = rows_columns(&rows);
	TRY(registry_done(exporting->registry, rows_end(&rows), "exporting"));
	if (columns < 1 || columns > COLUMNS_MAX)
		return registry_fail(exporting->registry, UNSUPPORTED, "table %.*s has %d columns", SPAN_FORMAT(table), columns);
	int length = snprintf(sql, SQL_SIZE, "SELECT * FROM %.*s ORDER BY 1", SPAN_FORMAT(table));
	for (int i = 2; i <= columns && length < SQL_SIZE; i++)
		length += snprintf(sql + length, SQL_SIZE - (size_t)length, ", %d", i);
	return DONE;
}

static enum outcome write_table(struct exporting *exporting, struct span table)
{
	char sql[SQL_SIZE], name[NAME_SIZE];
	int64_t count = 0;
	TRY(statement(exporting, table, sql));
	(void)snprintf(name, sizeof name, "%.*s.%s", SPAN_FORMAT(table), exporting->format == EXPORT_CSV ? "csv" : "jsonl");
	int descriptor = create(exporting, name);
	if (descriptor < 0)
		return MALFORMED;
	struct rows rows = rows_start(exporting->registry->database, sql);
	enum outcome outcome = write_rows(exporting, descriptor, name, &rows, &count);
	enum outcome read = rows_end(&rows);
	bool closed = close(descriptor) == 0;
	TRY(outcome);
	TRY(registry_done(exporting->registry, read, name));
	exporting->out->tables++;
	exporting->out->rows += (uint64_t)count;
	json_object_open(&exporting->json);
	json_member_string(&exporting->json, "table", table);
	json_member_text(&exporting->json, "file", name);
	json_member_integer(&exporting->json, "rows", count);
	json_object_close(&exporting->json);
	return closed ? DONE : fail(exporting, name);
}

static void write_head(struct exporting *exporting)
{
	struct rows rows = rows_start(exporting->registry->database, "SELECT sequence, hash, (SELECT max(number) FROM migration)"
				      " FROM event ORDER BY sequence DESC LIMIT 1");
	bool any = rows_next(&rows);
	json_member_integer(&exporting->json, "events", any ? rows_integer(&rows, 0) : 0);
	value_write_member(&exporting->json, "head", any ? rows_value(&rows, 1) : VALUE_NONE);
	json_member_boolean(&exporting->json, "personal", exporting->personal);
	if (rows_end(&rows) != DONE)
		exporting->json.outcome = MALFORMED;
}

static enum outcome table_names(struct registry *registry, struct arena *arena, struct span **names, size_t *count)
{
	size_t capacity = 0;
	struct rows rows = rows_start(registry->database, database_tables(registry->database));
	while (rows_next(&rows)) {
		struct span *all = arena_grow(arena, *names, *count, &capacity, sizeof *all);
		if (!all)
			break;
		*names = all;
		all[(*count)++] = arena_copy(arena, rows_text(&rows, 0));
	}
	TRY(registry_done(registry, rows_end(&rows), "exporting"));
	return arena->refused ? registry_fail(registry, NO_MEMORY, "exporting: out of memory") : DONE;
}

static enum outcome write_tables(struct exporting *exporting, struct arena *arena)
{
	struct span *names = NULL;
	size_t count = 0;
	TRY(table_names(exporting->registry, arena, &names, &count));
	json_key(&exporting->json, "tables");
	json_array_open(&exporting->json);
	for (size_t i = 0; i < count; i++)
		if (exporting->personal || !is_personal(names[i]))
			TRY(write_table(exporting, names[i]));
	json_array_close(&exporting->json);
	return DONE;
}

static enum outcome write_manifest(struct exporting *exporting)
{
	TRY(registry_done(exporting->registry, json_done(&exporting->json), "manifest.json"));
	int descriptor = create(exporting, "manifest.json");
	if (descriptor < 0)
		return MALFORMED;
	bool written = file_write_all(descriptor, buffer_span(&exporting->manifest));
	bool closed = close(descriptor) == 0;
	return written && closed ? DONE : fail(exporting, "manifest.json");
}

static enum outcome write_all(struct exporting *exporting)
{
	struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	json_object_open(&exporting->json);
	write_head(exporting);
	enum outcome outcome = write_tables(exporting, &arena);
	json_object_close(&exporting->json);
	arena_done(&arena);
	return outcome == DONE ? write_manifest(exporting) : outcome;
}

enum outcome export_register(struct registry *registry, int folder, enum export_format format, bool personal,
			     struct export_counts *out)
{
	struct exporting exporting = {
		.registry = registry, .out = out, .folder = folder, .format = format, .personal = personal,
	};
	*out = (struct export_counts){ 0 };
	TRY(registry_done(registry, database_begin_reading(registry->database), "exporting"));
	buffer_init(&exporting.manifest, ROW_CEILING, NULL);
	buffer_init(&exporting.piece, ROW_CEILING, NULL);
	json_init(&exporting.json, &exporting.manifest, false);
	enum outcome outcome = write_all(&exporting);
	database_roll_back(registry->database);
	buffer_done(&exporting.manifest);
	buffer_done(&exporting.piece);
	return outcome;
}
