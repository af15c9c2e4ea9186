#include "register/follow.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "register/content.h"

enum { FIRST_CEILING = 1 << 30 };

struct reading {
	struct claims *out;
	struct arena *arena;
};

static int take_date(void *context, const char *day)
{
	const struct reading *reading = context;
	reading->out->date = arena_copy(reading->arena, span_of_text(day));
	return reading->out->date.data != NULL;
}

static int take_product(void *context, const char *name, const char *digest)
{
	const struct reading *reading = context;
	struct claims *out = reading->out;
	struct claim *all = arena_grow(reading->arena, out->all, out->count, &out->capacity, sizeof *all);
	if (!all)
		return 0;
	out->all = all;
	struct claim *claim = &all[out->count++];
	claim->product = arena_copy(reading->arena, span_of_text(name));
	claim->digest = arena_copy(reading->arena, span_of_text(digest));
	return claim->digest.data != NULL;
}

static struct value number(double known)
{
	return known < 0 ? VALUE_NONE : value_real(known);
}

static struct value word(struct arena *arena, const char *text)
{
	return text ? value_text(arena_copy(arena, span_of_text(text))) : VALUE_NONE;
}

static int take_vulnerability(void *context, const struct assay_store_vulnerability *it)
{
	const struct reading *reading = context;
	struct claims *out = reading->out;
	struct vulnerability_facts *all = arena_grow(reading->arena, out->vulnerabilities, out->vulnerability_count,
						     &out->vulnerability_capacity, sizeof *all);
	if (!all)
		return 0;
	out->vulnerabilities = all;
	all[out->vulnerability_count++] = (struct vulnerability_facts){
		.name = word(reading->arena, it->id), .severity = word(reading->arena, it->severity), .cvss = number(it->cvss),
		.epss = number(it->epss), .exploited = word(reading->arena, it->exploited),
	};
	return 1;
}

static int compare_claims(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	return span_compare(a->product, b->product);
}

static int compare_vulnerabilities(const void *left, const void *right)
{
	const struct vulnerability_facts *a = left, *b = right;
	return span_compare(a->name.text, b->name.text);
}

enum outcome claims_read(const void *store, size_t size, const char *name, struct arena *arena, struct claims *out)
{
	struct reading reading = { out, arena };
	struct assay_seal seal = ASSAY_SEAL_INIT;
	struct assay_store_reader reader = ASSAY_STORE_READER_INIT;
	*out = (struct claims){ .name = span_of_text(name ? name : "starter") };
	reader.context = &reading;
	reader.date = take_date;
	reader.product = take_product;
	reader.vulnerability = take_vulnerability;
	if (assay_store_check(store, size, NULL, 0, &seal) != ASSAY_DONE ||
	    assay_store_claims(store, size, &reader) != ASSAY_DONE)
		return arena->refused ? NO_MEMORY : MALFORMED;
	out->sha256 = arena_copy(arena, span_of_text(seal.sha256));
	if (out->count > 1)
		qsort(out->all, out->count, sizeof *out->all, compare_claims);
	if (out->vulnerability_count > 1)
		qsort(out->vulnerabilities, out->vulnerability_count, sizeof *out->vulnerabilities, compare_vulnerabilities);
	return out->sha256.data ? DONE : NO_MEMORY;
}

enum outcome follow_newest(struct registry *registry, struct followed *out)
{
	struct rows rows = rows_start(registry->database, "SELECT id, products, sha256, date FROM store ORDER BY id DESC LIMIT 1");
	*out = (struct followed){ 0 };
	if (rows_next(&rows)) {
		out->id = rows_integer(&rows, 0);
		out->products = rows_integer(&rows, 1);
		(void)snprintf(out->sha256, sizeof out->sha256, "%.*s", SPAN_FORMAT(rows_text(&rows, 2)));
		(void)snprintf(out->date, sizeof out->date, "%.*s", SPAN_FORMAT(rows_text(&rows, 3)));
	}
	return registry_done(registry, rows_end(&rows), "reading which store it follows");
}

/* What the store before it said. */
static enum outcome read_before(struct registry *registry, struct arena *arena, struct claims *out)
{
	struct reading reading = { out, arena };
	struct rows rows = rows_start(registry->database, "SELECT product, digest FROM store_product ORDER BY product");
	enum outcome outcome = DONE;
	*out = (struct claims){ 0 };
	while (outcome == DONE && rows_next(&rows)) {
		const char *product = arena_text(arena, rows_text(&rows, 0)), *digest = arena_text(arena, rows_text(&rows, 1));
		outcome = product && digest && take_product(&reading, product, digest) ? DONE : NO_MEMORY;
	}
	enum outcome read = rows_end(&rows);
	return outcome != DONE ? outcome : read;
}

static enum outcome write_claim(struct database *database, const struct claim *before, const struct claim *now)
{
	const struct value values[] = { value_text(now ? now->product : before->product),
					now ? value_text(now->digest) : VALUE_NONE };
	if (!now)
		return database_run(database, "DELETE FROM store_product WHERE product = ?1", values, 1);
	if (!before)
		return database_run(database, "INSERT INTO store_product (product, digest) VALUES (?1, ?2)", values, 2);
	return database_run(database, "UPDATE store_product SET digest = ?2 WHERE product = ?1", values, 2);
}

/* Both are sorted: what stands in one alone, or differs, is a change. */
static enum outcome write_claims(struct registry *registry, const struct claims *before, const struct claims *now,
				 const struct follow_visitor *visitor)
{
	for (size_t i = 0, j = 0; i < before->count || j < now->count;) {
		const struct claim *a = i < before->count ? &before->all[i] : NULL, *b = j < now->count ? &now->all[j] : NULL;
		int order = !a ? 1 : !b ? -1 : compare_claims(a, b);
		i += order <= 0;
		j += order >= 0;
		if (order == 0 && span_equal(a->digest, b->digest))
			continue;
		TRY(write_claim(registry->database, order <= 0 ? a : NULL, order >= 0 ? b : NULL));
		if (visitor)
			TRY(visitor->changed(visitor->context, order <= 0 ? a->product : b->product));
	}
	return DONE;
}

enum outcome follow(struct event *event, const struct claims *claims, const struct follow_visitor *visitor, struct arena *arena,
		    int64_t *store)
{
	struct registry *registry = event->registry;
	struct claims before;
	char at[21], digest[CONTENT_DIGEST_ROOM];
	*store = registry_next(registry, "store");
	TRY(read_before(registry, arena, &before));
	TRY(write_claims(registry, &before, claims, visitor));
	TRY(content_of_store(registry, *store, digest));
	clock_format_utc(clock_report_time(), at);
	event_insert(event, "store", (const struct field[]){
		{ "id", value_integer(*store) }, { "sha256", value_text(claims->sha256) }, { "name", value_text(claims->name) },
		{ "date", value_text(claims->date) }, { "at", value_word(at) },
		{ "event", value_integer(event_number(event)) }, { "products", value_integer((int64_t)claims->count) },
		{ "claims", value_word(digest) } }, 8);
	return event->outcome;
}

static enum outcome write_first(struct registry *registry, const struct claims *claims, struct arena *arena)
{
	struct event event;
	struct followed newest;
	int64_t store;
	TRY(follow_newest(registry, &newest));
	if (newest.id != 0) /* another program was quicker */
		return DONE;
	struct span subject = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(claims->name), SPAN_FORMAT(claims->date));
	event_begin(&event, registry, "store.taken", subject);
	enum outcome outcome = follow(&event, claims, NULL, arena, &store);
	event.outcome = event.outcome != DONE ? event.outcome : outcome;
	return event_end(&event);
}

enum outcome follow_first(struct registry *registry, const void *store, size_t size, const char *name)
{
	struct arena arena;
	struct claims claims;
	struct followed newest;
	TRY(follow_newest(registry, &newest));
	if (newest.id != 0)
		return DONE;
	arena_init(&arena, FIRST_CEILING);
	enum outcome outcome = claims_read(store, size, name, &arena, &claims);
	if (outcome != DONE)
		outcome = registry_fail(registry, outcome, "the vulnerability store cannot be read");
	else
		outcome = registry_done(registry, database_begin(registry->database), "taking the store");
	if (outcome == DONE) {
		outcome = write_first(registry, &claims, &arena);
		if (outcome == DONE)
			outcome = registry_done(registry, database_commit(registry->database), "taking the store");
		else
			database_roll_back(registry->database);
	}
	arena_done(&arena);
	return outcome;
}
