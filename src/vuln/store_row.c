#include "vuln/store_row.h"

#include "base/scoped.h"
#include "evidence/query.h"

/* Sources of a kind that a line names; of those beyond the number is told. */
enum { NAMED_MAX = 6, LINE_MEMORY = 1 << 20 };

/* Records vary by what was rejected since; a store that lost more than that is smaller. */
static bool is_smaller(int64_t has, int64_t other)
{
	return has < other - other / 50;
}

enum lack { LACK_MISSING, LACK_OLDER, LACK_SMALLER, LACKS };

/* The sources that lack something in one way. */
struct lacking {
	struct span list;
	int count;
};

static void add(struct lacking *lacking, struct arena *arena, struct span words)
{
	if (++lacking->count <= NAMED_MAX)
		lacking->list = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(lacking->list), lacking->count > 1 ? ", " : "",
					     SPAN_FORMAT(words));
}

static void compare(const struct json_tree *other, const struct query *ours, bool there, struct lacking *lacks,
		    struct arena *arena)
{
	struct span name = json_tree_text(other, "name"), day = query_text(ours, 0);
	uint64_t records = 0;
	if (!there) {
		add(&lacks[LACK_MISSING], arena, name);
		return;
	}
	if (day.size > 0 && span_compare(day, json_tree_text(other, "date")) < 0)
		add(&lacks[LACK_OLDER], arena, arena_format(arena, "%.*s (%.*s)", SPAN_FORMAT(name), SPAN_FORMAT(day)));
	(void)span_to_number(json_tree_member(other, "records")->text, INT64_MAX, &records);
	int64_t has = query_integer(ours, 1);
	if (is_smaller(has, (int64_t)records))
		add(&lacks[LACK_SMALLER], arena,
		    arena_format(arena, "%.*s (%lld of %llu)", SPAN_FORMAT(name), (long long)has, (unsigned long long)records));
}

/* A source that the other store names, but keeps nothing of, is lacked by none. */
static bool is_of_turn(const struct json_tree *source, bool first)
{
	static const char *const new_faults[] = { "nvd", "cve", "kev", "epss" };
	const struct json_tree *records = json_tree_member(source, "records");
	bool tells = false;
	for (size_t i = 0; i < sizeof new_faults / sizeof *new_faults; i++)
		tells |= span_equal_text(json_tree_text(source, "name"), new_faults[i]);
	return tells == first && records && !span_equal_text(records->text, "0");
}

/* Those that tell of new vulnerabilities first. */
static enum outcome compare_all(sqlite3 *mine, const struct json_tree *other, struct lacking *lacks, struct arena *arena)
{
	struct query ours = query_start(mine, "SELECT coalesce(date, ''), records FROM feed WHERE name = ?1 AND records > 0");
	for (int turn = 0; turn < 2; turn++)
		for (const struct json_tree *one = json_tree_elements(other, "sources"); one; one = one->next) {
			if (!is_of_turn(one, turn == 0))
				continue;
			query_bind_text(&ours, 1, json_tree_text(one, "name"));
			bool there = query_next(&ours);
			compare(one, &ours, there, lacks, arena);
			query_rewind(&ours);
		}
	return query_end(&ours);
}

static struct span join(const struct lacking *lacks, struct arena *arena)
{
	static const char *const words[LACKS] = { "missing", "older", "smaller" };
	struct span line = SPAN_NONE;
	for (int i = 0; i < LACKS; i++) {
		if (lacks[i].count == 0)
			continue;
		line = arena_format(arena, "%.*s%s%s: %.*s", SPAN_FORMAT(line), line.size > 0 ? "; " : "", words[i],
				    SPAN_FORMAT(lacks[i].list));
		if (lacks[i].count > NAMED_MAX)
			line = arena_format(arena, "%.*s and %d more", SPAN_FORMAT(line), lacks[i].count - NAMED_MAX);
	}
	return line;
}

enum outcome store_row_lacking(const struct store *store, struct arena *arena, struct span *out)
{
	const struct json_tree *other;
	struct span error;
	struct lacking lacks[LACKS] = { 0 };
	*out = SPAN_NONE;
	if (store_measure(store).size == 0)
		return DONE;
	TRY(json_tree_read(store_measure(store), arena, &other, &error));
	enum outcome outcome = compare_all(store_database(store), other, lacks, arena);
	struct span line = join(lacks, arena);
	if (outcome != DONE || line.size == 0)
		return outcome;
	*out = arena_format(arena, "The vulnerability store has less than the one that is built in (%.*s): 'assay db update'"
				   " makes a whole one", SPAN_FORMAT(line));
	return out->data ? DONE : NO_MEMORY;
}

static enum outcome write_store(sqlite3 *evidence, struct store *store)
{
	SCOPED(arena) arena = { 0 };
	const struct seal_verdict *verdict = store_verdict(store);
	const char *advice = seal_state_advice(verdict->state);
	struct span less;
	arena_init(&arena, LINE_MEMORY);
	TRY(store_row_lacking(store, &arena, &less));
	struct query query = query_start(evidence,
		"INSERT INTO vulnerability_store (date, name, vulnerabilities, old, sha256, signature, signer, warning, less)"
		" VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), ?6, nullif(?7, ''), nullif(?8, ''), nullif(?9, ''))");
	query_bind_text(&query, 1, span_of_text(store_date(store)));
	query_bind_text(&query, 2, span_of_text(store_name(store)));
	query_bind_integer(&query, 3, store_count(store));
	query_bind_integer(&query, 4, store_is_old(store));
	query_bind_text(&query, 5, span_of_text(verdict->digest));
	query_bind_text(&query, 6, span_of_text(seal_state_word(verdict->state)));
	query_bind_text(&query, 7, span_of_text(verdict->signer));
	query_bind_text(&query, 8, span_of_text(advice));
	query_bind_text(&query, 9, less);
	(void)query_next(&query);
	return query_end(&query);
}

static enum outcome write_feeds(sqlite3 *evidence, const struct store *store)
{
	struct query feeds = query_start(store_database(store), "SELECT name, nullif(date, ''), records FROM feed"
								" WHERE name <> 'assay' ORDER BY name");
	struct query insert = query_start(evidence, "INSERT INTO vulnerability_feed VALUES (?1, ?2, ?3, ?4)");
	while (query_next(&feeds)) {
		query_bind_text(&insert, 1, query_text(&feeds, 0));
		if (!query_is_null(&feeds, 1)) {
			query_bind_text(&insert, 2, query_text(&feeds, 1));
			query_bind_integer(&insert, 4, store_day_is_old(query_text(&feeds, 1)));
		}
		query_bind_integer(&insert, 3, query_integer(&feeds, 2));
		(void)query_next(&insert);
		query_rewind(&insert);
		query_bind_null(&insert, 2);
		query_bind_null(&insert, 4);
	}
	TRY(query_end(&feeds));
	return query_end(&insert);
}

enum outcome store_row_write(struct evidence *evidence, struct store *store)
{
	sqlite3 *database = evidence_database(evidence);
	TRY(write_store(database, store));
	return write_feeds(database, store);
}
