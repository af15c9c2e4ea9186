#include "vuln/row_table.h"

#include <stdlib.h>

enum { CAPACITY_FIRST = 4096, SAID_MEMORY = 96 * 1024 * 1024 };

void row_table_init(struct row_table *table)
{
	*table = (struct row_table){ 0 };
	name_table_init(&table->releases);
	buffer_init(&table->packed, SIZE_MAX, NULL);
	spill_init(&table->said, SAID_MEMORY);
}

void row_table_done(struct row_table *table)
{
	name_table_done(&table->releases);
	buffer_done(&table->packed);
	spill_done(&table->said);
	free(table->ranked);
	free(table->all);
}

static bool grow(struct row_table *table)
{
	size_t capacity = table->capacity ? table->capacity * 2 : CAPACITY_FIRST;
	struct row_key *grown = realloc(table->all, capacity * sizeof *grown);
	if (!grown)
		return false;
	table->all = grown;
	table->capacity = capacity;
	return true;
}

enum outcome row_table_add(struct row_table *table, const struct row_key *key, struct span release, const struct fact *said)
{
	struct row_key row = *key;
	if (table->count == table->capacity && !grow(table))
		return NO_MEMORY;
	buffer_clear(&table->packed);
	TRY(fact_log_add(&table->packed, said));
	TRY(name_table_take(&table->releases, release, &row.release));
	TRY(spill_append(&table->said, buffer_span(&table->packed), &row.at));
	row.size = (uint32_t)table->packed.size;
	table->all[table->count++] = row;
	return DONE;
}

static int compare_names(const void *left, const void *right)
{
	return span_compare(**(const struct span *const *)left, **(const struct span *const *)right);
}

/* Releases by their rank, so that rows compare as numbers. */
static enum outcome rank_releases(struct row_table *table)
{
	const struct name_table *names = &table->releases;
	const struct span **sorted = calloc(names->count + 1, sizeof *sorted);
	uint32_t *ranks = calloc(names->count + 1, sizeof *ranks);
	table->ranked = calloc(names->count + 1, sizeof *table->ranked);
	enum outcome outcome = sorted && ranks && table->ranked ? DONE : NO_MEMORY;
	for (size_t i = 0; outcome == DONE && i < names->count; i++)
		sorted[i] = &names->all[i];
	if (outcome == DONE && names->count > 0)
		qsort(sorted, names->count, sizeof *sorted, compare_names);
	for (size_t i = 0; outcome == DONE && i < names->count; i++) {
		table->ranked[i] = *sorted[i];
		ranks[sorted[i] - names->all] = (uint32_t)i;
	}
	for (size_t i = 0; outcome == DONE && i < table->count; i++)
		table->all[i].release = ranks[table->all[i].release - 1];
	free(sorted);
	free(ranks);
	return outcome;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_keys(const struct row_key *a, const struct row_key *b)
{
	int difference = order(a->product, b->product);
	if (difference == 0)
		difference = (a->id > b->id) - (a->id < b->id);
	if (difference == 0)
		difference = order(a->source, b->source);
	if (difference == 0)
		difference = order(a->feed, b->feed);
	if (difference == 0)
		difference = order(a->release, b->release);
	return difference != 0 ? difference : order(a->entry, b->entry);
}

/* Of one key, the one that is kept comes first. */
static int compare(const void *left, const void *right)
{
	const struct row_key *a = left, *b = right;
	int difference = compare_keys(a, b);
	if (difference == 0)
		difference = order(a->borrowed, b->borrowed);
	if (difference == 0)
		difference = a->borrowed ? order(a->at, b->at) : order(b->at, a->at);
	return difference;
}

enum outcome row_table_order(struct row_table *table)
{
	size_t kept = 0;
	TRY(rank_releases(table));
	if (table->count > 0)
		qsort(table->all, table->count, sizeof *table->all, compare);
	for (size_t i = 0; i < table->count; i++)
		if (kept == 0 || compare_keys(&table->all[kept - 1], &table->all[i]) != 0)
			table->all[kept++] = table->all[i];
	table->count = kept;
	return DONE;
}

enum outcome row_table_read(struct row_table *table, const struct row_key *key, struct fact *out)
{
	struct span bytes;
	TRY(spill_read(&table->said, key->at, key->size, &bytes));
	return fact_log_next(&bytes, out) ? DONE : MALFORMED;
}
