#include "vuln/builder.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "evidence/query.h"
#include "vuln/component_facts.h"
#include "vuln/device_facts.h"
#include "vuln/kernel_facts.h"
#include "vuln/sdk_facts.h"
#include "vuln/statement.h"

enum { RECORD_MEMORY = 64 * 1024 * 1024, DATE_LENGTH = 10 };

struct builder {
	sqlite3 *database;
	struct notes *notes;
	struct query insert_vulnerability, insert_affected, find_product, insert_product;
	struct query find_feed, insert_feed, date_feed, find_record, insert_record, forget, reject, disputed, exploited, epss, ssvc;
	struct arena arena; /* of the record under way */
	struct statement statement;
	int64_t id, feed;
	enum store_source source;
};

static const char SQL_TEMPORARY[] =
	"CREATE TEMP TABLE record (id INTEGER, source INTEGER, feed INTEGER, stamp TEXT,"
	" PRIMARY KEY (id, source, feed)) WITHOUT ROWID;"
	"CREATE TEMP TABLE rejected (id INTEGER PRIMARY KEY);"
	"CREATE TEMP TABLE disputed (id INTEGER PRIMARY KEY);"
	"CREATE TEMP TABLE exploited (id INTEGER PRIMARY KEY, date TEXT);"
	"CREATE TEMP TABLE ssvc (id INTEGER PRIMARY KEY, exploitation TEXT, automatable TEXT, impact TEXT);"
	"CREATE TEMP TABLE epss (id INTEGER PRIMARY KEY, probability REAL);"
	"CREATE TEMP TABLE epss_whole (date TEXT);"
	"CREATE INDEX affected_vulnerability ON affected (vulnerability, source, feed);"
	"BEGIN;";

static const char SQL_VULNERABILITY[] =
	"INSERT INTO vulnerability (id, rank, score, cvss, vector, severity, weakness, published)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET"
	" score = iif(excluded.rank < rank, excluded.score, score),"
	" cvss = iif(excluded.rank < rank, excluded.cvss, cvss),"
	" vector = iif(excluded.rank < rank, excluded.vector, vector),"
	" severity = iif(excluded.rank < rank OR severity IS NULL, excluded.severity, severity),"
	" weakness = iif(weakness IS NULL OR (excluded.rank < rank AND excluded.weakness IS NOT NULL),"
	"  excluded.weakness, weakness),"
	" published = coalesce(min(published, excluded.published), published, excluded.published),"
	" rank = min(rank, excluded.rank)";

/* A temporary index serves the joins; the store itself needs none but its keys. */
static const char SQL_FINISH[] =
	"INSERT OR IGNORE INTO rejected SELECT v.id FROM vulnerability v, (SELECT max(date) AS date FROM epss_whole) w"
	" WHERE v.id > 0 AND v.published < date(w.date, '-30 days') AND v.id NOT IN (SELECT id FROM epss);"
	"DELETE FROM affected WHERE vulnerability IN (SELECT id FROM rejected);"
	"DELETE FROM vulnerability WHERE id NOT IN (SELECT vulnerability FROM affected);"
	"DELETE FROM product WHERE id NOT IN (SELECT product FROM affected);"
	"UPDATE vulnerability SET exploited = e.date FROM exploited e WHERE e.id = vulnerability.id;"
	"UPDATE vulnerability SET disputed = 1 WHERE id IN (SELECT id FROM disputed);"
	"UPDATE vulnerability SET ssvc_exploitation = s.exploitation, ssvc_automatable = s.automatable, ssvc_impact = s.impact"
	" FROM ssvc s WHERE s.id = vulnerability.id;"
	"UPDATE vulnerability SET epss = e.probability FROM epss e WHERE e.id = vulnerability.id;"
	"INSERT INTO meta SELECT 'vulnerabilities', CAST(count(DISTINCT vulnerability) AS TEXT) FROM affected"
	" WHERE feed <> (SELECT id FROM feed WHERE name = 'assay');" /* our own facts are in every store */
	"UPDATE feed SET records = (SELECT count(DISTINCT vulnerability) FROM affected WHERE feed = feed.id);"
	"UPDATE feed SET records = (SELECT count(*) FROM exploited) WHERE name = 'kev';"
	"UPDATE feed SET records = (SELECT count(*) FROM epss) WHERE name = 'epss';"
	"INSERT INTO meta SELECT 'date', coalesce(max(date), '') FROM feed;"
	"INSERT INTO meta VALUES ('format', '" STORE_FORMAT "');"
	"DROP INDEX affected_vulnerability;"
	"COMMIT; VACUUM;";

static void prepare(struct builder *b)
{
	sqlite3 *database = b->database;
	b->insert_vulnerability = query_start(database, SQL_VULNERABILITY);
	b->insert_affected = query_start(database,
		"INSERT OR REPLACE INTO affected (product, vulnerability, source, feed, release, entry, listed, ranges,"
		" platform, part, files, usual, why)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
	b->find_product = query_start(database, "SELECT id FROM product WHERE name = ?1");
	b->insert_product = query_start(database, "INSERT INTO product (name) VALUES (?1)");
	b->find_feed = query_start(database, "SELECT id FROM feed WHERE name = ?1");
	b->insert_feed = query_start(database, "INSERT INTO feed (name, records) VALUES (?1, 0)");
	b->date_feed = query_start(database, "UPDATE feed SET date = max(coalesce(date, ''), ?2) WHERE id = ?1");
	b->find_record = query_start(database,
		"SELECT stamp > ?4 FROM record WHERE id = ?1 AND source = ?2 AND feed = ?3");
	b->insert_record = query_start(database, "INSERT OR REPLACE INTO record VALUES (?1, ?2, ?3, ?4)");
	b->forget = query_start(database,
		"DELETE FROM affected WHERE vulnerability = ?1 AND source = ?2 AND feed = ?3");
	b->reject = query_start(database, "INSERT OR IGNORE INTO rejected VALUES (?1)");
	b->disputed = query_start(database, "INSERT OR IGNORE INTO disputed VALUES (?1)");
	b->exploited = query_start(database, "INSERT INTO exploited VALUES (?1, ?2)"
		" ON CONFLICT (id) DO UPDATE SET date = min(date, excluded.date)");
	b->ssvc = query_start(database, "INSERT OR REPLACE INTO ssvc VALUES (?1, nullif(?2, ''), nullif(?3, ''), nullif(?4, ''))");
	b->epss = query_start(database, "INSERT OR REPLACE INTO epss VALUES (?1, ?2)");
}

static void finalize(struct builder *b)
{
	struct query *queries[] = { &b->insert_vulnerability, &b->insert_affected, &b->find_product,
				    &b->insert_product, &b->find_feed, &b->insert_feed, &b->date_feed,
				    &b->find_record, &b->insert_record, &b->forget, &b->reject, &b->disputed, &b->exploited,
				    &b->epss, &b->ssvc };
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		(void)sqlite3_finalize(queries[i]->statement);
		queries[i]->statement = NULL;
	}
}

enum outcome builder_new(const char *path, struct notes *notes, struct builder **out)
{
	struct builder *b = calloc(1, sizeof *b);
	if (!b)
		return NO_MEMORY;
	b->notes = notes;
	arena_init(&b->arena, RECORD_MEMORY);
	statement_init(&b->statement, &b->arena);
	bool opened = sqlite3_open_v2(path, &b->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) ==
		      SQLITE_OK;
	const char *schema = arena_text(&b->arena, embedded("store.sql"));
	bool ready = opened && schema &&
		     query_run(b->database, "PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY;"
			"PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;") == DONE &&
		     query_run(b->database, schema) == DONE && query_run(b->database, SQL_TEMPORARY) == DONE;
	if (!ready) {
		builder_abandon(b);
		return MALFORMED;
	}
	prepare(b);
	*out = b;
	return DONE;
}

void builder_abandon(struct builder *b)
{
	finalize(b);
	query_close(b->database);
	arena_done(&b->arena);
	statement_done(&b->statement);
	free(b);
}

/* Takes up our own ranges of what is exploited. */
static enum outcome add_kernel_facts(struct builder *b)
{
	struct kernel_facts facts;
	TRY(builder_feed(b, SPAN_LITERAL("assay")));
	struct query exploited = query_start(b->database, "SELECT 1 FROM exploited WHERE id = ?1");
	enum outcome outcome = DONE;
	kernel_facts_read(&facts);
	for (size_t i = 0; outcome == DONE && i < facts.count; i++) {
		const struct kernel_fact *fact = &facts.all[i];
		query_bind_integer(&exploited, 1, fact->id);
		if (fact->ranges.size > 0 && query_next(&exploited))
			outcome = builder_affected(b, SPAN_LITERAL("linux:linux_kernel"), fact->id, SOURCE_REVIEW,
						   fact->ranges, NULL);
		query_rewind(&exploited);
	}
	enum outcome ended = query_end(&exploited);
	return outcome == DONE ? ended : outcome;
}

/* Takes up our own facts about components. */
static enum outcome add_component_facts(struct builder *b)
{
	struct span rest = component_facts_text();
	struct component_fact fact;
	TRY(builder_feed(b, SPAN_LITERAL("assay")));
	while (component_facts_next(&rest, &fact)) {
		const struct builder_scope scope = { .part = fact.part, .usual = fact.usual, .why = fact.why };
		struct builder_facts facts = builder_facts_of(fact.id);
		facts.score = fact.score;
		facts.rank = builder_rank(fact.score < 0.0 ? SCORE_NONE : SCORE_OTHER, fact.cvss);
		facts.cvss = fact.cvss;
		facts.vector = fact.vector;
		TRY(builder_vulnerability(b, &facts));
		TRY(builder_affected(b, fact.product, fact.id, SOURCE_REVIEW, fact.ranges, &scope));
	}
	return DONE;
}

/* Marks what sources that speak of upstream's versions have products for. */
static enum outcome mark_stated(struct builder *b)
{
	TRY(query_run(b->database, "INSERT OR IGNORE INTO vulnerability (id, rank) SELECT DISTINCT vulnerability, 99"
				   " FROM affected"));
	struct query mark = query_start(b->database, "UPDATE vulnerability SET stated = 1 WHERE id IN"
						     " (SELECT vulnerability FROM affected WHERE source < ?1)");
	query_bind_integer(&mark, 1, SOURCE_DISTRIBUTION);
	(void)query_next(&mark);
	return query_end(&mark);
}

enum outcome builder_finish(struct builder *b)
{
	enum outcome outcome = add_kernel_facts(b);
	if (outcome == DONE)
		outcome = add_component_facts(b);
	if (outcome == DONE)
		outcome = device_facts_state(b);
	if (outcome == DONE)
		outcome = sdk_facts_state(b);
	if (outcome == DONE)
		outcome = mark_stated(b);
	finalize(b);
	if (outcome == DONE)
		outcome = query_run(b->database, SQL_FINISH);
	builder_abandon(b);
	return outcome;
}

sqlite3 *builder_database(struct builder *b)
{
	return b->database;
}

struct notes *builder_notes(struct builder *b)
{
	return b->notes;
}

static enum outcome run(struct query *query)
{
	(void)query_next(query);
	bool done = query->statement && (query->result == SQLITE_DONE || query->result == SQLITE_ROW);
	query_rewind(query);
	return done ? DONE : MALFORMED;
}

/* Empty text is stored as NULL. */
static void bind_optional(struct query *query, int parameter, struct span text)
{
	if (text.size > 0)
		query_bind_text(query, parameter, text);
}

enum outcome builder_vulnerability(struct builder *b, const struct builder_facts *facts)
{
	struct query *query = &b->insert_vulnerability;
	query_bind_integer(query, 1, facts->id);
	query_bind_integer(query, 2, facts->rank);
	struct span severity = facts->severity;
	if (facts->score >= 0.0) {
		(void)sqlite3_bind_double(query->statement, 3, facts->score);
		severity = span_of_text(severity_word(facts->cvss, facts->score));
	}
	bind_optional(query, 4, facts->cvss);
	bind_optional(query, 5, facts->vector);
	bind_optional(query, 6, severity);
	bind_optional(query, 7, facts->weakness);
	bind_optional(query, 8, span_slice(facts->published, 0, DATE_LENGTH));
	return run(query);
}

enum outcome builder_reject(struct builder *b, int64_t id)
{
	query_bind_integer(&b->reject, 1, id);
	return run(&b->reject);
}

enum outcome builder_disputed(struct builder *b, int64_t id)
{
	query_bind_integer(&b->disputed, 1, id);
	return run(&b->disputed);
}

enum outcome builder_exploited(struct builder *b, int64_t id, struct span date)
{
	query_bind_integer(&b->exploited, 1, id);
	query_bind_text(&b->exploited, 2, span_slice(date, 0, DATE_LENGTH));
	return run(&b->exploited);
}

enum outcome builder_ssvc(struct builder *b, int64_t id, struct span exploitation, struct span automatable, struct span impact)
{
	query_bind_integer(&b->ssvc, 1, id);
	query_bind_text(&b->ssvc, 2, exploitation);
	query_bind_text(&b->ssvc, 3, automatable);
	query_bind_text(&b->ssvc, 4, impact);
	return run(&b->ssvc);
}

enum outcome builder_epss(struct builder *b, int64_t id, double probability)
{
	query_bind_integer(&b->epss, 1, id);
	(void)sqlite3_bind_double(b->epss.statement, 2, probability);
	return run(&b->epss);
}

enum outcome builder_epss_whole(struct builder *b, struct span date)
{
	struct query query = query_start(b->database, "INSERT INTO epss_whole VALUES (?1)");
	query_bind_text(&query, 1, span_slice(date, 0, DATE_LENGTH));
	(void)query_next(&query);
	return query_end(&query);
}

enum outcome builder_feed(struct builder *b, struct span name)
{
	query_bind_text(&b->find_feed, 1, name);
	bool found = query_next(&b->find_feed);
	if (found)
		b->feed = query_integer(&b->find_feed, 0);
	query_rewind(&b->find_feed);
	if (found)
		return DONE;
	query_bind_text(&b->insert_feed, 1, name);
	TRY(run(&b->insert_feed));
	b->feed = sqlite3_last_insert_rowid(b->database);
	return DONE;
}

enum outcome builder_date(struct builder *b, struct span date)
{
	date = span_slice(date, 0, DATE_LENGTH);
	bool day = date.size == DATE_LENGTH && span_byte(date, 4) == '-' && span_byte(date, 7) == '-';
	if (!day)
		return DONE;
	query_bind_integer(&b->date_feed, 1, b->feed);
	query_bind_text(&b->date_feed, 2, date);
	return run(&b->date_feed);
}

static enum outcome product_number(struct builder *b, struct span name, int64_t *out)
{
	query_bind_text(&b->find_product, 1, name);
	bool found = query_next(&b->find_product);
	if (found)
		*out = query_integer(&b->find_product, 0);
	query_rewind(&b->find_product);
	if (found)
		return DONE;
	query_bind_text(&b->insert_product, 1, name);
	TRY(run(&b->insert_product));
	*out = sqlite3_last_insert_rowid(b->database);
	return DONE;
}

enum outcome builder_affected(struct builder *b, struct span product, int64_t id, enum store_source source,
			      struct span ranges, const struct builder_scope *scope)
{
	static const struct builder_scope everywhere;
	int64_t number;
	if (!scope)
		scope = &everywhere;
	TRY(product_number(b, product, &number));
	struct query *query = &b->insert_affected;
	query_bind_integer(query, 1, number);
	query_bind_integer(query, 2, id);
	query_bind_integer(query, 3, source);
	query_bind_integer(query, 4, b->feed);
	query_bind_text(query, 5, scope->release);
	query_bind_integer(query, 6, scope->entry);
	query_bind_integer(query, 7, scope->listed);
	query_bind_text(query, 8, ranges);
	bind_optional(query, 9, scope->platform);
	bind_optional(query, 10, scope->part);
	bind_optional(query, 11, scope->files);
	query_bind_integer(query, 12, scope->usual);
	bind_optional(query, 13, scope->why);
	return run(query);
}

enum outcome builder_record_begin(struct builder *b, int64_t id, enum store_source source, struct span stamp)
{
	struct query *query = &b->find_record;
	query_bind_integer(query, 1, id);
	query_bind_integer(query, 2, source);
	query_bind_integer(query, 3, b->feed);
	query_bind_text(query, 4, stamp);
	bool known = query_next(query);
	bool newer = known && query_integer(query, 0) != 0;
	query_rewind(query);
	if (newer)
		return NOT_THIS;
	query_bind_integer(&b->insert_record, 1, id);
	query_bind_integer(&b->insert_record, 2, source);
	query_bind_integer(&b->insert_record, 3, b->feed);
	query_bind_text(&b->insert_record, 4, stamp);
	TRY(run(&b->insert_record));
	if (known) {
		query_bind_integer(&b->forget, 1, id);
		query_bind_integer(&b->forget, 2, source);
		query_bind_integer(&b->forget, 3, b->feed);
		TRY(run(&b->forget));
	}
	statement_clear(&b->statement);
	b->id = id;
	b->source = source;
	return DONE;
}

enum outcome builder_record_range(struct builder *b, struct span product, const struct range *range,
				  const struct builder_scope *scope)
{
	return statement_add(&b->statement, product, range, scope);
}

static enum outcome write_row(void *context, struct span product, struct span ranges, const struct builder_scope *scope)
{
	struct builder *b = context;
	return builder_affected(b, product, b->id, b->source, ranges, scope);
}

enum outcome builder_record_end(struct builder *b)
{
	return statement_write(&b->statement, write_row, b);
}
