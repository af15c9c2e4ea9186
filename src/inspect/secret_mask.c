#include "inspect/secret_mask.h"

#include "evidence/query.h"

enum { SHOWN_LONG = 3, SHOWN_SHORT = 1, LONG = 12, MASK_LIMIT = 12, TEXT_CEILING = 1 << 20 };

struct span secret_masked(struct arena *arena, struct span value)
{
	static const char stars[] = "************";
	size_t shown = value.size >= LONG ? SHOWN_LONG : SHOWN_SHORT;
	if (value.size == 0)
		return value;
	if (value.size < 2 * shown + 1)
		return SPAN_LITERAL("***");
	size_t hidden = value.size - 2 * shown;
	struct span head = span_slice(value, 0, shown), tail = span_from(value, value.size - shown);
	return arena_format(arena, "%.*s%.*s%.*s", SPAN_FORMAT(head), (int)(hidden < MASK_LIMIT ? hidden : MASK_LIMIT),
			    stars, SPAN_FORMAT(tail));
}

static bool is_word_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Where the value stands by itself, at or after a place: "admin" is no part of "/www/admins". */
static size_t find_word(struct span text, struct span value, size_t from)
{
	for (size_t at = span_find(text, value, from); at != SPAN_NOT_FOUND; at = span_find(text, value, at + 1)) {
		bool joined = (at > 0 && is_word_byte(span_byte(text, at - 1)) && is_word_byte(span_byte(value, 0))) ||
			      (is_word_byte(span_byte(text, at + value.size)) && is_word_byte(span_byte(value, value.size - 1)));
		if (!joined)
			return at;
	}
	return SPAN_NOT_FOUND;
}

static struct span argument(sqlite3_value *value)
{
	const void *text = sqlite3_value_text(value);
	return span_of(text, text ? (size_t)sqlite3_value_bytes(value) : 0);
}

/* hide(text, value): the text with every such word masked. */
static void hide(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	struct span text = argument(values[0]), value = argument(values[1]);
	struct arena arena;
	arena_init(&arena, TEXT_CEILING);
	struct span masked = secret_masked(&arena, value);
	sqlite3_str *out = sqlite3_str_new(sqlite3_context_db_handle(context));
	size_t from = 0;
	for (size_t at = value.size ? find_word(text, value, 0) : SPAN_NOT_FOUND; at != SPAN_NOT_FOUND;
	     at = find_word(text, value, from)) {
		sqlite3_str_append(out, (const char *)text.data + from, (int)(at - from));
		sqlite3_str_append(out, (const char *)masked.data, (int)masked.size);
		from = at + value.size;
	}
	if (from < text.size)
		sqlite3_str_append(out, (const char *)text.data + from, (int)(text.size - from));
	int length = sqlite3_str_length(out);
	char *words = sqlite3_str_finish(out);
	sqlite3_result_text(context, words ? words : "", words ? length : 0, SQLITE_TRANSIENT);
	sqlite3_free(words);
	arena_done(&arena);
}

/* Columns that repeat the words of a file. */
static const struct {
	const char *table, *column;
} repeated[] = {
	{ "attribute", "value" },
	{ "boot_variable", "value" },
	{ "console", "program" },
	{ "device_tree", "bootargs" },
	{ "endpoint", "text" },
	{ "firewall_rule", "detail" },
	{ "kernel_option", "value" },
	{ "kernel_parameter", "value" },
	{ "remote_shell", "detail" },
	{ "service", "arguments" },
	{ "service", "program" },
	{ "setting", "value" },
	{ "update_mechanism", "detail" },
	{ "witness", "detail" },
};
enum { REPEATED = sizeof repeated / sizeof *repeated };

/* One column, for all secrets of each file together: a file's rows are few, and so are its secrets. */
static enum outcome hide_in(sqlite3 *database, const char *table, const char *column)
{
	char sql[512];
	(void)sqlite3_snprintf(sizeof sql, sql,
			       "SELECT DISTINCT t.rowid, h.value FROM hidden h JOIN temp.holder i ON i.file = h.file JOIN %s t"
			       " ON t.rowid = i.row WHERE instr(t.%s, h.value) ORDER BY 1, length(h.value) DESC, 2",
			       table, column);
	struct query found = query_start(database, sql);
	(void)sqlite3_snprintf(sizeof sql, sql, "UPDATE %s SET %s = hide(%s, ?2) WHERE rowid = ?1", table, column, column);
	struct query update = query_start(database, sql);
	while (query_next(&found)) {
		query_bind_integer(&update, 1, query_integer(&found, 0));
		query_bind_text(&update, 2, query_text(&found, 1));
		(void)query_next(&update);
		query_rewind(&update);
	}
	enum outcome ended = query_end(&update);
	TRY(query_end(&found));
	return ended;
}

static enum outcome hide_repeated(sqlite3 *database)
{
	for (int i = 0; i < REPEATED; i++) {
		char sql[256];
		(void)sqlite3_snprintf(sizeof sql, sql,
				       "CREATE TEMP TABLE holder AS SELECT file, rowid AS row FROM %s WHERE file IN"
				       " (SELECT file FROM hidden); CREATE INDEX temp.holder_file ON holder(file)",
				       repeated[i].table);
		TRY(query_run(database, sql));
		TRY(hide_in(database, repeated[i].table, repeated[i].column));
		TRY(query_run(database, "DROP TABLE temp.holder"));
	}
	return DONE;
}

enum outcome secrets_mask(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	if (sqlite3_create_function(database, "hide", 2, flags, NULL, hide, NULL, NULL) != SQLITE_OK)
		return NO_MEMORY;
	TRY(query_run(database, "PRAGMA secure_delete = ON;"
				"CREATE TEMP TABLE hidden AS SELECT file, excerpt AS value FROM secret WHERE placeholder = 0"
				" UNION SELECT file, cracked FROM account WHERE cracked <> ''"));
	TRY(hide_repeated(database));
	TRY(query_run(database, "UPDATE secret SET excerpt = hide(excerpt, excerpt) WHERE placeholder = 0;"
				"UPDATE account SET cracked = hide(cracked, cracked) WHERE cracked <> '';"
				"DROP TABLE temp.hidden"));
	return sqlite3_create_function(database, "hide", 2, flags, NULL, NULL, NULL, NULL) == SQLITE_OK ? DONE : NO_MEMORY;
}
