#include "register/where.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "register/as_of.h"
#include "register/hits.h"

const char *standing_name(enum standing standing)
{
	static const char *const names[] = { "affected", "under review", "unknown", "fixed", "not affected" };
	return names[standing];
}

/* Rows of hits_versions(): of results of some component set; and of any results. */
#define VERSION "version.id, version.product, version.shipped, version.supported_until, "
#define OF_RESULT " JOIN artifact ON artifact.sha256 = result.artifact JOIN version ON version.id = artifact.version"
#define OF_COMPONENT \
	" JOIN set_component ON set_component.component = component.id" \
	" JOIN result ON result.component_set = set_component.component_set AND result.current = 1" OF_RESULT
#define WORDS_OF_COMPONENT "component.name || coalesce(' ' || component.version, '')"

/* Keys are components. */
static const char matching[] =
	"SELECT component.id, match.status, " WORDS_OF_COMPONENT ", match.reason, " AS_OF("component_match")
	" FROM vulnerability JOIN match ON match.vulnerability = vulnerability.id JOIN component ON component.id = match.component"
	" JOIN component_match ON component_match.component = component.id WHERE vulnerability.name = ?1";
static const char matched_versions[] =
	"SELECT " VERSION "set_component.component FROM vulnerability JOIN match ON match.vulnerability = vulnerability.id"
	" JOIN set_component ON set_component.component = match.component"
	" JOIN result ON result.component_set = set_component.component_set AND result.current = 1" OF_RESULT
	" WHERE vulnerability.name = ?1";

/*
 * Versions of which the matches do not say all, each by an index of its own (data/register/001.sql): never read, read in
 * part, matched with another store than the one that the register follows. Keys are negative.
 */
#define NO_COMPONENTS "37517e5f3dc66819f61f5a7bb8ace1921282415f10551d2defa5c3eb0985b570" /* digest of the set of none */
enum { KEY_UNREAD = -1, KEY_OPAQUE = -2, KEY_EMPTY = -3, KEY_OTHER_STORE = -4, KEY_SILENT = -5 };
static const struct {
	int key;
	const char *reason, *versions;
} doubts[] = {
	{ KEY_UNREAD, "it was never assayed, or could not be",
	  "SELECT " VERSION "CAST(?1 AS INTEGER) FROM version WHERE version.assayed = 0" },
	{ KEY_OPAQUE, "more than a tenth of it could not be read",
	  "SELECT " VERSION "CAST(?1 AS INTEGER) FROM result" OF_RESULT " WHERE result.current = 1 AND result.understood < 0.9" },
	{ KEY_EMPTY, "no component was found in it",
	  "SELECT " VERSION "CAST(?1 AS INTEGER) FROM component_set JOIN result ON result.component_set = component_set.id"
	  " AND result.current = 1" OF_RESULT " WHERE component_set.sha256 = '" NO_COMPONENTS "'" },
	{ KEY_OTHER_STORE, "it was matched with another store than the register follows; 'assay register rematch' mends that",
	  "SELECT " VERSION "CAST(?1 AS INTEGER) FROM result" OF_RESULT " WHERE result.current = 1 AND result.followed = 0" },
};

static const char holding[] =
	"SELECT component.id, 'affected', " WORDS_OF_COMPONENT ", 'it holds it', " AS_OF("component_match")
	" FROM component JOIN component_match ON component_match.component = component.id"
	" WHERE component.name = ?1 AND (?2 = '' OR component.version = ?2)";
static const char holding_versions[] =
	"SELECT " VERSION "component.id FROM component" OF_COMPONENT
	" WHERE component.name = ?1 AND (?2 = '' OR component.version = ?2)";

/* Keys are results; or, of files, artifacts. */
static const char seeing[] =
	"SELECT result.id, 'affected', '', coalesce(sighting.path, ''), result.store_date FROM sighting"
	" JOIN result ON result.id = sighting.result AND result.current = 1 WHERE sighting.kind = ?1 AND sighting.value = ?2";
static const char seeing_versions[] =
	"SELECT " VERSION "result.id FROM sighting JOIN result ON result.id = sighting.result AND result.current = 1" OF_RESULT
	" WHERE sighting.kind = ?1 AND sighting.value = ?2";
static const char shipping[] =
	"SELECT artifact.id, 'affected', '', artifact.name, '' FROM artifact WHERE ?1 = 'sha256' AND artifact.sha256 = ?2";
static const char shipping_versions[] =
	"SELECT " VERSION "artifact.id FROM artifact JOIN version ON version.id = artifact.version"
	" WHERE ?1 = 'sha256' AND artifact.sha256 = ?2";

struct asking {
	struct registry *registry;
	struct hits hits;
	struct places *out;
	size_t most;
	int today;
};

static struct asking ask_start(struct registry *registry, size_t most, struct arena *arena, struct places *out)
{
	char day[21];
	int year = 0, month = 0, of_month = 0;
	clock_format_utc(clock_report_time(), day);
	(void)sscanf(day, "%d-%d-%d", &year, &month, &of_month);
	*out = (struct places){ 0 };
	return (struct asking){ .registry = registry, .hits.arena = arena, .out = out, .most = most,
				.today = year * 10000 + month * 100 + of_month };
}

/* Causes, or versions, of a statement with up to two parameters. */
static enum outcome gather(struct asking *asking, bool causes, const char *sql, const struct value *values, int count)
{
	struct rows rows = rows_start(asking->registry->database, sql);
	for (int i = 0; i < count; i++)
		rows_bind(&rows, i + 1, values[i]);
	return causes ? hits_causes(&asking->hits, asking->registry, &rows) : hits_versions(&asking->hits, asking->registry, &rows);
}

static enum outcome settle(struct asking *asking)
{
	int64_t products = database_number(asking->registry->database, "SELECT coalesce(max(id), 0) FROM product", 0);
	return registry_done(asking->registry, hits_settle(&asking->hits, products, asking->today, asking->out),
			     "asking the register");
}

static void place(struct asking *asking, const struct hit *hit, const struct rows *rows)
{
	struct places *out = asking->out;
	struct arena *arena = asking->hits.arena;
	out->all[out->count++] = (struct place){
		.standing = hit->cause->standing, .component = hit->cause->component, .reason = hit->cause->reason,
		.as_of = hit->cause->as_of, .product = arena_copy(arena, rows_text(rows, 1)),
		.version = arena_copy(arena, rows_text(rows, 2)), .shipped = arena_copy(arena, rows_text(rows, 3)),
		.supported_until = arena_copy(arena, rows_text(rows, 4)),
	};
}

#define NAMED "SELECT version.id, product.name, version.name, version.shipped, version.supported_until FROM version" \
	      " JOIN product ON product.id = version.product "

/* The first of those that are listed, one by one. */
static enum outcome name_some(struct asking *asking, size_t count)
{
	hits_sort(&asking->hits, asking->today);
	for (size_t i = 0; i < count; i++) {
		struct rows rows = rows_start(asking->registry->database, NAMED "WHERE version.id = ?1");
		rows_bind(&rows, 1, value_integer(asking->hits.all[i].version));
		if (rows_next(&rows))
			place(asking, &asking->hits.all[i], &rows);
		TRY(registry_done(asking->registry, rows_end(&rows), "asking the register"));
	}
	return DONE;
}

/* All of them: hits are sorted by version as they were settled. */
static enum outcome name_all(struct asking *asking)
{
	const struct hits *hits = &asking->hits;
	struct rows rows = rows_start(asking->registry->database, NAMED "ORDER BY version.id");
	size_t at = 0;
	while (at < hits->count && rows_next(&rows)) {
		int64_t version = rows_integer(&rows, 0);
		while (at < hits->count && hits->all[at].version < version)
			at++;
		if (at < hits->count && hits->all[at].version == version)
			place(asking, &hits->all[at++], &rows);
	}
	return registry_done(asking->registry, rows_end(&rows), "asking the register");
}

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	if (a->standing != b->standing)
		return a->standing < b->standing ? -1 : 1;
	int order = span_compare(a->product, b->product);
	return order ? order : span_compare(a->version, b->version);
}

static enum outcome list(struct asking *asking)
{
	struct places *out = asking->out;
	size_t count = asking->hits.count < asking->most ? asking->hits.count : asking->most;
	out->all = ARENA_NEW(asking->hits.arena, struct place, count + 1);
	if (!out->all)
		return registry_done(asking->registry, NO_MEMORY, "asking the register");
	if (asking->most != PLACES_ALL)
		return name_some(asking, count);
	TRY(name_all(asking));
	if (out->count > 1)
		qsort(out->all, out->count, sizeof *out->all, compare_places);
	return DONE;
}

/* "2024" of "CVE-2024-1234", a day before which no store knows it; empty for other names. */
static struct span year_of(struct span name)
{
	uint64_t year;
	struct span digits = span_slice(name, 4, 4);
	return span_starts_text(name, "CVE-") && span_to_number(digits, 9999, &year) ? digits : SPAN_LITERAL("");
}

static enum outcome read_store(struct asking *asking)
{
	struct rows rows = rows_start(asking->registry->database, "SELECT name, date FROM store ORDER BY id DESC LIMIT 1");
	if (rows_next(&rows)) {
		asking->out->store = arena_copy(asking->hits.arena, rows_text(&rows, 0));
		asking->out->store_date = arena_copy(asking->hits.arena, rows_text(&rows, 1));
	}
	return registry_done(asking->registry, rows_end(&rows), "asking the register");
}

/* What a version is of which no match speaks, and that was read and matched as it should be. */
static struct cause silence(const struct asking *asking, struct span name)
{
	struct cause cause = { .key = KEY_SILENT, .standing = STANDING_UNKNOWN, .as_of = asking->out->store_date, .last = true };
	if (span_compare(asking->out->store_date, year_of(name)) < 0)
		cause.reason = SPAN_LITERAL("it was matched with a store that is older than the vulnerability");
	else if (asking->hits.cause_count == 0)
		cause.reason = SPAN_LITERAL("no version holds anything that the stores match with it: they may not know it");
	else {
		cause.standing = STANDING_NOT_AFFECTED;
		cause.reason = SPAN_LITERAL("it holds no component that it is about");
	}
	return cause;
}

/* The silent ones are counted and not fetched. */
static enum outcome count_silent(struct asking *asking, const struct cause *silent)
{
	struct place_group *group = &asking->out->groups[silent->standing];
	int64_t all = database_number(asking->registry->database, "SELECT count(*) FROM version", -1);
	if (all < (int64_t)asking->hits.count)
		return registry_done(asking->registry, MALFORMED, "counting versions");
	size_t rest = (size_t)all - asking->hits.count;
	if (rest == 0)
		return DONE;
	group->versions += rest;
	group->counted = false;
	group->reasons[group->reason_count++] = (struct place_reason){ silent->reason, rest };
	return DONE;
}

/* Of what is not matched, the store that it was matched with says nothing: the last doubt is none. */
enum { DOUBTS = sizeof doubts / sizeof *doubts, DOUBTS_OF_SIGHT = DOUBTS - 1 };

static enum outcome gather_doubts(struct asking *asking, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct value key = value_integer(doubts[i].key);
		TRY(gather(asking, false, doubts[i].versions, &key, 1));
	}
	return DONE;
}

static enum outcome add_causes(struct asking *asking, const struct cause *silent, size_t count)
{
	if (silent)
		TRY(hits_cause(&asking->hits, silent));
	for (size_t i = 0; i < count; i++)
		TRY(hits_cause(&asking->hits, &(const struct cause){
			.key = doubts[i].key, .standing = STANDING_UNKNOWN, .reason = span_of_text(doubts[i].reason) }));
	hits_ready(&asking->hits);
	return DONE;
}

enum outcome where_vulnerability(struct registry *registry, struct span name, size_t most, struct arena *arena,
				 struct places *out)
{
	struct asking asking = ask_start(registry, most, arena, out);
	const struct value value = value_text(name), key = value_integer(KEY_SILENT);
	TRY(read_store(&asking));
	TRY(gather(&asking, true, matching, &value, 1));
	const struct cause silent = silence(&asking, name);
	TRY(registry_done(registry, add_causes(&asking, &silent, DOUBTS), "asking the register"));
	TRY(gather(&asking, false, matched_versions, &value, 1));
	TRY(gather_doubts(&asking, DOUBTS));
	if (most == PLACES_ALL)
		TRY(gather(&asking, false, "SELECT " VERSION "CAST(?1 AS INTEGER) FROM version", &key, 1));
	TRY(settle(&asking));
	if (most != PLACES_ALL)
		TRY(count_silent(&asking, &silent));
	return list(&asking);
}

static enum outcome ask(struct asking *asking, const char *causes, const char *versions, const struct value *values,
			size_t doubted)
{
	TRY(read_store(asking));
	TRY(gather(asking, true, causes, values, 2));
	TRY(registry_done(asking->registry, add_causes(asking, NULL, doubted), "asking the register"));
	TRY(gather(asking, false, versions, values, 2));
	TRY(gather_doubts(asking, doubted));
	TRY(settle(asking));
	return list(asking);
}

enum outcome where_component(struct registry *registry, struct span name, struct span version, size_t most,
			     struct arena *arena, struct places *out)
{
	struct asking asking = ask_start(registry, most, arena, out);
	const struct value values[] = { value_text(name), value_text(version) };
	return ask(&asking, holding, holding_versions, values, DOUBTS_OF_SIGHT);
}

enum outcome where_sighting(struct registry *registry, const char *kind, struct span value, size_t most, struct arena *arena,
			    struct places *out)
{
	struct asking asking = ask_start(registry, most, arena, out);
	const struct value values[] = { value_word(kind), value_text(value) };
	bool file = span_equal_text(span_of_text(kind), "sha256");
	return ask(&asking, file ? shipping : seeing, file ? shipping_versions : seeing_versions, values,
		   file ? 0 : DOUBTS_OF_SIGHT);
}
