#include "register/hits.h"

#include <stdlib.h>

static enum standing standing_of(struct span status)
{
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++)
		if (span_equal_text(status, standing_name(standing)))
			return standing;
	return STANDING_UNKNOWN;
}

/* The worst first; a component that says so before one that is not there. */
static int compare_causes(const struct cause *a, const struct cause *b)
{
	if (a->last != b->last)
		return a->last ? 1 : -1;
	if (a->standing != b->standing)
		return a->standing < b->standing ? -1 : 1;
	int order = (a->component.size == 0) - (b->component.size == 0);
	if (order == 0)
		order = span_compare(a->reason, b->reason);
	return order ? order : span_compare(a->component, b->component);
}

static int compare_keys(const void *left, const void *right)
{
	const struct cause *a = left, *b = right;
	return a->key < b->key ? -1 : a->key > b->key;
}

enum outcome hits_cause(struct hits *hits, const struct cause *cause)
{
	struct cause *all = arena_grow(hits->arena, hits->causes, hits->cause_count, &hits->cause_capacity, sizeof *all);
	if (!all)
		return NO_MEMORY;
	hits->causes = all;
	all[hits->cause_count++] = *cause;
	return DONE;
}

enum outcome hits_causes(struct hits *hits, struct registry *registry, struct rows *rows)
{
	enum outcome outcome = DONE;
	while (outcome == DONE && rows_next(rows))
		outcome = hits_cause(hits, &(const struct cause){
			.key = rows_integer(rows, 0), .standing = standing_of(rows_text(rows, 1)),
			.component = arena_copy(hits->arena, rows_text(rows, 2)), .reason = arena_copy(hits->arena, rows_text(rows, 3)),
			.as_of = arena_copy(hits->arena, rows_text(rows, 4)),
		});
	enum outcome read = rows_end(rows);
	return registry_done(registry, outcome != DONE ? outcome : read, "asking the register");
}

void hits_ready(struct hits *hits)
{
	if (hits->cause_count > 1)
		qsort(hits->causes, hits->cause_count, sizeof *hits->causes, compare_keys);
}

/* "2019-04-12" as 20190412. */
static int day_of(struct span text)
{
	uint64_t year, month, day;
	bool is = text.size == 10 && span_to_number(span_slice(text, 0, 4), 9999, &year) &&
		  span_to_number(span_slice(text, 5, 2), 12, &month) && span_to_number(span_slice(text, 8, 2), 31, &day);
	return is ? (int)(year * 10000 + month * 100 + day) : 0;
}

enum outcome hits_versions(struct hits *hits, struct registry *registry, struct rows *rows)
{
	enum outcome outcome = DONE;
	while (outcome == DONE && rows_next(rows)) {
		const struct cause key = { .key = rows_integer(rows, 4) };
		const struct cause *cause = hits->cause_count == 0 ? NULL
			: bsearch(&key, hits->causes, hits->cause_count, sizeof key, compare_keys);
		struct hit *all = arena_grow(hits->arena, hits->all, hits->count, &hits->capacity, sizeof *all);
		outcome = all ? DONE : NO_MEMORY;
		if (all)
			hits->all = all;
		if (all && cause) /* else another program wrote it between the two statements */
			all[hits->count++] = (struct hit){
				.version = rows_integer(rows, 0), .product = rows_integer(rows, 1), .cause = cause,
				.shipped = day_of(rows_text(rows, 2)), .supported_until = day_of(rows_text(rows, 3)),
			};
	}
	enum outcome read = rows_end(rows);
	return registry_done(registry, outcome != DONE ? outcome : read, "asking the register");
}

static int compare_hits(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	return a->cause == b->cause ? 0 : compare_causes(a->cause, b->cause);
}

static void settle(struct hits *hits)
{
	size_t kept = 0;
	if (hits->count > 1)
		qsort(hits->all, hits->count, sizeof *hits->all, compare_hits);
	for (size_t i = 0; i < hits->count; i++)
		if (kept == 0 || hits->all[kept - 1].version != hits->all[i].version)
			hits->all[kept++] = hits->all[i];
	hits->count = kept;
}

static void count(const struct hit *hit, uint8_t *seen, int64_t products, int today, struct place_group *group)
{
	uint8_t bit = (uint8_t)(1u << hit->cause->standing);
	group->versions++;
	group->supported += hit->supported_until >= today;
	if (hit->shipped && (group->since == 0 || hit->shipped < group->since))
		group->since = hit->shipped;
	if (hit->product > 0 && hit->product <= products && !(seen[hit->product] & bit)) {
		seen[hit->product] |= bit;
		group->products++;
	}
}

static int by_words(const void *left, const void *right)
{
	const struct place_reason *a = left, *b = right;
	return span_compare(a->words, b->words);
}

static int by_frequency(const void *left, const void *right)
{
	const struct place_reason *a = left, *b = right;
	return a->versions != b->versions ? (a->versions > b->versions ? -1 : 1) : span_compare(a->words, b->words);
}

/* Several components may give the same reason. */
static void merge_reasons(struct place_group *group)
{
	size_t kept = 0;
	if (group->reason_count > 1)
		qsort(group->reasons, group->reason_count, sizeof *group->reasons, by_words);
	for (size_t i = 0; i < group->reason_count; i++) {
		struct place_reason *last = kept ? &group->reasons[kept - 1] : NULL;
		if (last && span_equal(last->words, group->reasons[i].words))
			last->versions += group->reasons[i].versions;
		else
			group->reasons[kept++] = group->reasons[i];
	}
	group->reason_count = kept;
	if (kept > 1)
		qsort(group->reasons, kept, sizeof *group->reasons, by_frequency);
}

static enum outcome count_reasons(const struct hits *hits, struct places *out)
{
	size_t *counts = ARENA_NEW(hits->arena, size_t, hits->cause_count + 1);
	if (!counts)
		return NO_MEMORY;
	for (size_t i = 0; i < hits->count; i++)
		counts[hits->all[i].cause - hits->causes]++;
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
		struct place_group *group = &out->groups[standing];
		group->reasons = ARENA_NEW(hits->arena, struct place_reason, hits->cause_count + 1);
		if (!group->reasons)
			return NO_MEMORY;
		for (size_t i = 0; i < hits->cause_count; i++)
			if (hits->causes[i].standing == standing && counts[i] > 0)
				group->reasons[group->reason_count++] = (struct place_reason){ hits->causes[i].reason, counts[i] };
		merge_reasons(group);
	}
	return DONE;
}

enum outcome hits_settle(struct hits *hits, int64_t products, int today, struct places *out)
{
	uint8_t *seen = ARENA_NEW(hits->arena, uint8_t, (size_t)products + 1);
	if (!seen)
		return NO_MEMORY;
	settle(hits);
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++)
		out->groups[standing].counted = true;
	for (size_t i = 0; i < hits->count; i++)
		count(&hits->all[i], seen, products, today, &out->groups[hits->all[i].cause->standing]);
	return count_reasons(hits, out);
}

static int compare_listed(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;
	if (a->cause->standing != b->cause->standing)
		return a->cause->standing < b->cause->standing ? -1 : 1;
	if (a->supported_until != b->supported_until)
		return a->supported_until > b->supported_until ? -1 : 1;
	if (a->product != b->product)
		return a->product < b->product ? -1 : 1;
	return a->version < b->version ? -1 : a->version > b->version;
}

/* What has been supported once is all alike: by product and version alone. */
void hits_sort(struct hits *hits, int today)
{
	for (size_t i = 0; i < hits->count; i++)
		hits->all[i].supported_until = hits->all[i].supported_until >= today;
	if (hits->count > 1)
		qsort(hits->all, hits->count, sizeof *hits->all, compare_listed);
}
