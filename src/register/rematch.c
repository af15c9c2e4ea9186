#include "register/rematch.h"

#include <stdlib.h>

#include "register/change.h"
#include "register/follow.h"
#include "register/objects.h"
#include "register/take_content.h"
#include "register/touched.h"
#include "register/variant.h"

enum { ALL_CEILING = 1 << 30, RESULT_CEILING = 1 << 28 };
static const size_t SAVED_CEILING = (size_t)4 << 30;

struct rematching {
	struct registry *registry;
	const struct rematch_plan *plan;
	struct rematch_counts *counts;
	struct claims claims;
	struct touched touched;
	struct event event;
	struct changing changing;
	struct arena arena;  /* for all of it */
	int64_t *exploited;  /* vulnerabilities that are from now on */
	size_t exploited_count, exploited_capacity, of;
};

/* A vulnerability of the register, as the newer store describes it. */
static enum outcome compare_facts(struct rematching *r, int64_t id, const struct vulnerability_facts *was,
				  const struct vulnerability_facts *now)
{
	if (!vulnerability_differs(was, now))
		return DONE;
	vulnerability_change(&r->event, id, now);
	if (was->exploited.type != VALUE_NULL || now->exploited.type == VALUE_NULL)
		return r->event.outcome;
	int64_t *all = arena_grow(&r->arena, r->exploited, r->exploited_count, &r->exploited_capacity, sizeof *all);
	if (!all)
		return NO_MEMORY;
	r->exploited = all;
	all[r->exploited_count++] = id;
	return r->event.outcome;
}

/* Both are sorted by name; what the store no longer describes stays as it was. */
static enum outcome take_facts(struct rematching *r)
{
	struct rows rows = rows_start(r->registry->database, "SELECT id, name, severity, cvss, epss, exploited FROM vulnerability"
							     " ORDER BY name");
	enum outcome outcome = DONE;
	size_t at = 0;
	while (outcome == DONE && rows_next(&rows)) {
		const struct vulnerability_facts was = { rows_value(&rows, 1), rows_value(&rows, 2), rows_value(&rows, 3),
							 rows_value(&rows, 4), rows_value(&rows, 5) };
		int order = -1;
		while (at < r->claims.vulnerability_count &&
		       (order = span_compare(r->claims.vulnerabilities[at].name.text, was.name.text)) < 0)
			at++;
		if (at < r->claims.vulnerability_count && order == 0)
			outcome = compare_facts(r, rows_integer(&rows, 0), &was, &r->claims.vulnerabilities[at]);
	}
	enum outcome read = rows_end(&rows);
	return outcome != DONE ? outcome : read;
}

static enum outcome change_variants(struct rematching *r, struct assay *assay, const struct variants *variants)
{
	for (size_t i = 0; i < variants->count; i++) {
		int64_t component = registry_find(r->registry, "SELECT id FROM component WHERE variant = ?1",
						  variants->all[i].digest);
		if (!touched_component(&r->touched, component))
			continue;
		TRY(change_component(&r->changing, assay, variants->all[i].component, component));
		r->touched.components[component] = false;
	}
	return DONE;
}

/* A newer store may know the device, which is one component more. */
static enum outcome change_result(struct rematching *r, struct assay *assay, struct span saved, int64_t result,
				  struct arena *arena)
{
	struct taken_store store = { r->changing.store_name, r->changing.store_date, true };
	int64_t set, before = 0;
	bool followed = false;
	TRY(take_components(&r->event, assay, saved, &store, arena, &set));
	struct rows rows = rows_start(r->registry->database, "SELECT component_set, followed FROM result WHERE id = ?1");
	rows_bind(&rows, 1, value_integer(result));
	if (rows_next(&rows)) {
		before = rows_integer(&rows, 0);
		followed = rows_integer(&rows, 1) != 0;
	}
	TRY(rows_end(&rows));
	if (before != set || !followed)
		event_update(&r->event, "result", (const struct field[]){
			{ "id", value_integer(result) }, { "component_set", value_integer(set) }, { "followed", value_integer(1) } }, 3);
	r->touched.results[result] = false;
	return r->event.outcome;
}

struct numbers {
	int64_t *all;
	size_t count, capacity;
};

/* Current results of those saved bytes that are touched. */
static enum outcome results_of(struct rematching *r, struct span saved, struct arena *arena, struct numbers *out)
{
	struct rows rows = rows_start(r->registry->database, "SELECT id FROM result WHERE saved = ?1 AND current = 1 ORDER BY id");
	enum outcome outcome = DONE;
	rows_bind(&rows, 1, value_text(saved));
	while (outcome == DONE && rows_next(&rows)) {
		int64_t id = rows_integer(&rows, 0);
		if (id >= r->touched.result_end || !r->touched.results[id])
			continue;
		int64_t *all = arena_grow(arena, out->all, out->count, &out->capacity, sizeof *all);
		if (all) {
			out->all = all;
			all[out->count++] = id;
		}
		outcome = all ? DONE : NO_MEMORY;
	}
	enum outcome read = rows_end(&rows);
	return outcome != DONE ? outcome : read;
}

static enum outcome take_result(struct rematching *r, struct assay *assay, struct span saved, struct arena *arena)
{
	struct variants variants;
	struct numbers results = { 0 };
	if (variants_of(assay, arena, &variants) != DONE)
		return NOT_THIS;
	r->counts->results++;
	TRY(change_variants(r, assay, &variants));
	TRY(results_of(r, saved, arena, &results));
	for (size_t i = 0; i < results.count; i++)
		TRY(change_result(r, assay, saved, results.all[i], arena));
	return DONE;
}

/* What cannot be taken is left as it is; it counts as lacking in the end. */
static enum outcome take_saved_result(struct rematching *r, struct span saved)
{
	struct assay *assay = NULL;
	struct buffer bytes;
	struct arena arena;
	buffer_init(&bytes, SAVED_CEILING, NULL);
	arena_init(&arena, RESULT_CEILING);
	enum outcome outcome = objects_get(r->plan->objects, saved, &bytes);
	if (outcome == DONE && assay_saved(bytes.data, bytes.size, r->plan->options, &assay) != ASSAY_DONE)
		outcome = NOT_THIS;
	buffer_done(&bytes);
	if (outcome == DONE)
		outcome = take_result(r, assay, saved, &arena);
	else
		outcome = NOT_THIS;
	assay_free(assay);
	arena_done(&arena);
	return outcome == NOT_THIS ? DONE : outcome;
}

/* Saved results of rows that are touched, one after the other; each serves all of its components. */
static enum outcome take_touched(struct rematching *r, const char *sql, const bool *touched, int64_t end)
{
	struct list {
		int64_t id;
		struct span saved;
	} *all = NULL;
	size_t count = 0, capacity = 0;
	struct rows rows = rows_start(r->registry->database, sql);
	bool room = true;
	while (room && rows_next(&rows)) {
		int64_t id = rows_integer(&rows, 0);
		if (id >= end || !touched[id])
			continue;
		struct list *more = arena_grow(&r->arena, all, count, &capacity, sizeof *all);
		room = more != NULL;
		if (room) {
			all = more;
			all[count++] = (struct list){ id, arena_copy(&r->arena, rows_text(&rows, 1)) };
		}
	}
	TRY(rows_end(&rows));
	for (size_t i = 0; room && i < count; i++) {
		if (r->plan->progress)
			r->plan->progress(r->plan->context, "matching", r->counts->components, r->of);
		if (touched[all[i].id])
			TRY(take_saved_result(r, all[i].saved));
	}
	return room ? DONE : NO_MEMORY;
}

/* What could not be matched again is from here on as of the store that it was matched with. */
static enum outcome leave(struct rematching *r)
{
	for (int64_t i = 0; i < r->touched.component_end; i++)
		if (r->touched.components[i]) {
			r->counts->lacking++;
			event_update(&r->event, "component_match", (const struct field[]){
				{ "component", value_integer(i) }, { "followed", value_integer(0) } }, 2);
		}
	for (int64_t i = 0; i < r->touched.result_end; i++)
		if (r->touched.results[i])
			event_update(&r->event, "result", (const struct field[]){
				{ "id", value_integer(i) }, { "followed", value_integer(0) } }, 2);
	return r->event.outcome;
}

static enum outcome work(struct rematching *r, bool same, int64_t newest)
{
	const struct follow_visitor visitor = { touched_by, &r->touched };
	r->changing = (struct changing){ .event = &r->event, .store = newest, .counts = r->counts,
					 .store_name = value_text(r->claims.name), .store_date = value_text(r->claims.date) };
	if (!same)
		TRY(follow(&r->event, &r->claims, &visitor, &r->arena, &r->changing.store));
	r->counts->store = r->changing.store;
	for (int64_t i = 0; i < r->touched.component_end; i++)
		r->of += r->touched.components[i];
	TRY(take_facts(r));
	TRY(take_touched(r, "SELECT id, saved FROM result WHERE current = 1 ORDER BY id", r->touched.results, r->touched.result_end));
	TRY(take_touched(r, "SELECT id, saved FROM component ORDER BY id", r->touched.components, r->touched.component_end));
	for (size_t i = 0; i < r->exploited_count; i++)
		TRY(change_exploited(&r->changing, r->exploited[i]));
	return leave(r);
}

/* By mistake the store that is built in, or one that a feed is missing of. */
static enum outcome refuse_less(struct rematching *r, const struct followed *newest)
{
	if (r->plan->force || newest->id == 0)
		return DONE;
	if (span_compare(r->claims.date, span_of_text(newest->date)) < 0)
		return registry_fail(r->registry, MALFORMED, "its data is of %.*s, older than that of the store that the register"
				     " follows (%s); --force takes it", SPAN_FORMAT(r->claims.date), newest->date);
	if ((int64_t)r->claims.count < newest->products / 5 * 4)
		return registry_fail(r->registry, MALFORMED, "it speaks of %zu products, and the store that the register follows"
				     " of %lld; --force takes it", r->claims.count, (long long)newest->products);
	return DONE;
}

static enum outcome write_all(struct rematching *r)
{
	struct followed newest;
	TRY(follow_newest(r->registry, &newest));
	bool same = newest.id != 0 && span_equal_text(r->claims.sha256, newest.sha256);
	if (!same)
		TRY(refuse_less(r, &newest));
	TRY(registry_done(r->registry, touched_start(&r->touched, r->registry, &r->arena), "looking for what is to be matched"));
	r->counts->of = (size_t)database_number(r->registry->database, "SELECT count(*) FROM component", 0);
	if (same && touched_count(&r->touched) == 0)
		return DONE;
	struct span subject = arena_format(&r->arena, "%.*s %.*s", SPAN_FORMAT(r->claims.name), SPAN_FORMAT(r->claims.date));
	event_begin(&r->event, r->registry, same ? "components.matched" : "store.taken", subject);
	enum outcome outcome = work(r, same, newest.id);
	r->event.outcome = r->event.outcome != DONE ? r->event.outcome : outcome;
	return event_end(&r->event);
}

static enum outcome run(struct rematching *r)
{
	const struct assay_options *options = r->plan->options;
	if (claims_read(options->store, options->store_size, options->store_name, &r->arena, &r->claims) != DONE)
		return registry_fail(r->registry, MALFORMED, "the vulnerability store cannot be read");
	TRY(registry_done(r->registry, database_begin(r->registry->database), "matching again"));
	enum outcome outcome = write_all(r);
	if (outcome == DONE)
		return registry_done(r->registry, database_commit(r->registry->database), "matching again");
	database_roll_back(r->registry->database);
	return outcome;
}

enum outcome rematch(struct registry *registry, const struct rematch_plan *plan, struct rematch_counts *out)
{
	struct rematching r = { .registry = registry, .plan = plan, .counts = out };
	*out = (struct rematch_counts){ 0 };
	arena_init(&r.arena, ALL_CEILING);
	enum outcome outcome = run(&r);
	arena_done(&r.arena);
	return outcome;
}
