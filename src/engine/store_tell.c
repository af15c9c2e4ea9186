/* What a store was made of, for people and for programs: include/assay/assay.h, assay_store_tell(). */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/plain_locale.h"
#include "base/scoped.h"
#include "base/text.h"
#include "engine/given.h"
#include "engine/result.h"
#include "evidence/query.h"
#include "vuln/left_out.h"
#include "vuln/starter.h"
#include "vuln/store_row.h"

enum { ARENA_CEILING = 256 * 1024 * 1024, TEXT_MOST = 64 * 1024 * 1024, FILES_NAMED = 3 };

struct teller {
	struct store *store;
	const struct assay_seal *seal;
	const struct json_tree *manifest; /* NULL where the store has none */
	struct arena *arena;
	struct buffer *out;
	struct span less;
	bool built_in;
};

static enum outcome say(struct teller *t, struct span words)
{
	return words.data ? buffer_append(t->out, text_printable(t->arena, words)) == DONE ? buffer_append(t->out, SPAN_LITERAL("\n"))
											      : NO_MEMORY
			  : NO_MEMORY;
}

static enum outcome say_head(struct teller *t)
{
	const struct assay_seal *seal = t->seal;
	const char *state = seal->state, *signer = seal->signer;
	TRY(say(t, arena_format(t->arena, "%s: %" PRId64 " vulnerabilities, data up to %s%s", store_name(t->store),
				store_count(t->store), store_date(t->store), store_is_old(t->store) ? " (old)" : "")));
	TRY(say(t, arena_format(t->arena, "  sha256 %s", seal->sha256)));
	if (strcmp(state, "trusted") == 0)
		TRY(say(t, arena_format(t->arena, "  signed by key %s, which is trusted here", signer)));
	else if (strcmp(state, "other key") == 0)
		TRY(say(t, arena_format(t->arena, "  signed by key %s, which is not trusted here", signer)));
	else
		TRY(say(t, arena_format(t->arena, "  %s", strcmp(state, "unsigned") == 0 ? "not signed"
							 : strcmp(state, "wrong") == 0 ? "its signature is wrong"
							 : strcmp(state, "changed") == 0 ? "changed after it was made" : state)));
	if (seal->advice[0])
		TRY(say(t, arena_format(t->arena, "  %s", seal->advice)));
	return t->less.size > 0 ? say(t, arena_format(t->arena, "  %.*s", SPAN_FORMAT(t->less))) : DONE;
}

static const struct json_tree *source_of(const struct teller *t, struct span name)
{
	for (const struct json_tree *one = json_tree_elements(t->manifest, "sources"); one; one = one->next)
		if (span_equal(json_tree_text(one, "name"), name))
			return one;
	return NULL;
}

static struct span files_of(struct teller *t, const struct json_tree *source)
{
	struct span list = SPAN_NONE;
	size_t count = 0;
	for (const struct json_tree *one = json_tree_elements(source, "files"); one; one = one->next)
		if (++count <= FILES_NAMED)
			list = arena_format(t->arena, "%.*s%s%.*s", SPAN_FORMAT(list), list.size > 0 ? ", " : "",
					    SPAN_FORMAT(one->text));
	return count > FILES_NAMED ? arena_format(t->arena, "%.*s and more", SPAN_FORMAT(list)) : list;
}

#define DETAIL "                 "

/* Where it is from, how much was read, and why there is less of it in the store. */
static enum outcome say_source(struct teller *t, const struct json_tree *source, int64_t records)
{
	const struct json_tree *read = json_tree_member(source, "read"), *built_in = json_tree_member(source, "built_in");
	struct span files = files_of(t, source);
	if (t->built_in && records == 0)
		return say(t, SPAN_LITERAL(DETAIL "not part of the store that is built in; 'assay db update' makes one that has it"));
	if (t->built_in)
		return DONE;
	if (built_in && built_in->kind == JSON_TRUE)
		return say(t, SPAN_LITERAL(DETAIL "no file of it was read: this is what the store that is built in has"));
	bool counted = read && read->kind == JSON_NUMBER;
	if (files.size > 0)
		TRY(say(t, arena_format(t->arena, DETAIL "%.*s%sfrom %.*s", SPAN_FORMAT(counted ? read->text : SPAN_NONE),
					counted ? " read, " : "", SPAN_FORMAT(files))));
	for (const struct json_tree *one = json_tree_elements(source, "left_out"); one; one = one->next) {
		const struct json_tree *count = json_tree_member(one, "count");
		TRY(say(t, arena_format(t->arena, DETAIL "%.*s left out: %.*s", SPAN_FORMAT(count->text),
					SPAN_FORMAT(json_tree_text(one, "why")))));
	}
	return DONE;
}

/* Whole days between a day and the report's; 0 of a later one. */
static int64_t days_since(sqlite3 *database, struct span day)
{
	char today[21];
	clock_format_utc(clock_report_time(), today);
	struct query query = query_start(database,
					 "SELECT max(0, CAST(julianday(substr(?1, 1, 10)) - julianday(?2) AS INTEGER))");
	query_bind_text(&query, 1, span_of_text(today));
	query_bind_text(&query, 2, day);
	int64_t days = query_next(&query) ? query_integer(&query, 0) : 0;
	return query_end(&query) == DONE ? days : 0;
}

static enum outcome say_sources(struct teller *t)
{
	sqlite3 *database = store_database(t->store);
	struct query feeds = query_start(database, "SELECT name, coalesce(date, ''), records FROM feed WHERE name <> 'assay'"
						   " ORDER BY name");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&feeds)) {
		struct span name = query_text(&feeds, 0), day = query_text(&feeds, 1), age = SPAN_NONE;
		int64_t records = query_integer(&feeds, 2), days = days_since(database, day);
		if (store_day_is_future(day))
			age = SPAN_LITERAL("  in the future: how old it is is not known");
		else if (day.size > 0)
			age = arena_format(t->arena, "  %" PRId64 " %s%s", days, days == 1 ? "day" : "days",
					   store_day_is_old(day) ? ", old" : "");
		outcome = say(t, arena_format(t->arena, "  %-14.*s %-10.*s %8" PRId64 "%.*s", SPAN_FORMAT(name),
					      SPAN_FORMAT(day.size > 0 ? day : SPAN_LITERAL("-")), records, SPAN_FORMAT(age)));
		if (outcome == DONE && t->manifest)
			outcome = say_source(t, source_of(t, name), records);
	}
	enum outcome ended = query_end(&feeds);
	return outcome == DONE ? ended : outcome;
}

static enum outcome say_left_out(struct teller *t)
{
	if (!t->manifest)
		return say(t, SPAN_LITERAL("  it does not say what it was made of"));
	for (const struct json_tree *one = json_tree_elements(t->manifest, "inputs"); one; one = one->next)
		if (json_tree_text(one, "why").size > 0)
			TRY(say(t, arena_format(t->arena, "  left out of %.*s: %.*s (%.*s)",
						SPAN_FORMAT(json_tree_text(one, "name")),
						SPAN_FORMAT(json_tree_member(one, "left_out")->text),
						SPAN_FORMAT(json_tree_text(one, "why")))));
	return DONE;
}

static enum outcome say_left_out_in_all(struct teller *t)
{
	struct left_out reasons[LEFT_OUT_REASONS];
	TRY(left_out_count(t->store, reasons));
	for (size_t i = 0; i < LEFT_OUT_REASONS; i++)
		if (reasons[i].count > 0)
			TRY(say(t, arena_format(t->arena, "  left out: %" PRId64 " %s", reasons[i].count, reasons[i].words)));
	return DONE;
}

static enum outcome tell_people(struct teller *t)
{
	TRY(say_head(t));
	TRY(say_sources(t));
	TRY(say_left_out_in_all(t));
	return say_left_out(t);
}

static void member_unless_empty(struct json *json, const char *key, struct span text)
{
	json_key(json, key);
	text.size > 0 ? json_string(json, text) : json_null(json);
}

static enum outcome write_ages(struct json *json, sqlite3 *database)
{
	struct query feeds = query_start(database, "SELECT name, date, records FROM feed WHERE name <> 'assay' ORDER BY name");
	json_key(json, "sources");
	json_array_open(json);
	while (query_next(&feeds)) {
		struct span day = query_text(&feeds, 1);
		json_object_open(json);
		json_member_string(json, "name", query_text(&feeds, 0));
		member_unless_empty(json, "date", day);
		json_member_integer(json, "records", query_integer(&feeds, 2));
		json_key(json, "days");
		bool known = day.size > 0 && !store_day_is_future(day);
		known ? json_integer(json, days_since(database, day)) : json_null(json);
		json_key(json, "old");
		day.size > 0 ? json_boolean(json, store_day_is_old(day)) : json_null(json);
		json_object_close(json);
	}
	json_array_close(json);
	return query_end(&feeds);
}

/* The manifest stands in it as it is in the store. */
static enum outcome tell_programs(struct teller *t)
{
	struct json json;
	json_init(&json, t->out, true);
	json_object_open(&json);
	json_member_text(&json, "name", store_name(t->store));
	json_member_text(&json, "date", store_date(t->store));
	json_member_boolean(&json, "old", store_is_old(t->store));
	json_member_integer(&json, "vulnerabilities", store_count(t->store));
	json_member_text(&json, "sha256", t->seal->sha256);
	json_member_text(&json, "signature", t->seal->state);
	member_unless_empty(&json, "signer", span_of_text(t->seal->signer));
	member_unless_empty(&json, "warning", span_of_text(t->seal->advice));
	member_unless_empty(&json, "less", t->less);
	TRY(write_ages(&json, store_database(t->store)));
	json_object_close(&json);
	TRY(json_done(&json));
	size_t end = span_find_byte(buffer_span(t->out), '\n', 0);
	t->out->size = end == SPAN_NOT_FOUND ? t->out->size : end;
	t->out->size--; /* the closing brace */
	TRY(buffer_append(t->out, SPAN_LITERAL(",\"manifest\":")));
	TRY(buffer_append(t->out, t->manifest ? span_trim(store_seal(t->store)->manifest) : SPAN_LITERAL("null")));
	return buffer_append(t->out, SPAN_LITERAL("}\n"));
}

static enum outcome tell(struct span bytes, const char *name, struct teller *t, bool json)
{
	struct span error = SPAN_NONE;
	TRY(t->built_in ? store_open_packed(span_of(starter_store, starter_store_size), STARTER_NAME, &t->store)
			: store_open_memory(bytes, name, &t->store));
	if (!t->built_in)
		store_measure_against(t->store, starter_manifest());
	enum outcome outcome = store_row_lacking(t->store, t->arena, &t->less);
	if (outcome == DONE)
		outcome = store_manifest(t->store, t->arena, &t->manifest, &error);
	if (outcome == DONE)
		outcome = json ? tell_programs(t) : tell_people(t);
	store_close(t->store);
	return outcome;
}

enum assay_status assay_store_tell(const void *bytes, size_t size, const char *name, const struct assay_seal *seal, int json,
				   char **text, size_t *length)
{
	SCOPED(arena) arena = { 0 };
	SCOPED(buffer) out = { 0 };
	if (!seal || !text || !length)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	arena_init(&arena, ARENA_CEILING);
	buffer_init(&out, TEXT_MOST, NULL);
	struct teller teller = { .seal = seal, .arena = &arena, .out = &out, .built_in = !bytes };
	enum outcome outcome = tell(span_of(bytes, size), name ? name : "", &teller, json != 0);
	struct span foreign = outcome == UNSUPPORTED ? store_foreign(span_of(bytes, size), &arena) : SPAN_NONE;
	struct span words = outcome == DONE ? buffer_span(&out)
			  : foreign.size > 0 ? arena_format(&arena, "it has the %.*s, which no store has: it was changed, or is none",
							    SPAN_FORMAT(foreign))
			  : outcome == UNSUPPORTED ? SPAN_LITERAL("it was built by another version of assay; build it again")
			  : SPAN_LITERAL("it is not a vulnerability store, or its manifest is forged");
	*text = given_out(words, length);
	if (!*text)
		return ASSAY_NO_MEMORY;
	return result_status(outcome);
}
