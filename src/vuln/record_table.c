#include "vuln/record_table.h"

#include <stdlib.h>

enum { STAMP_SIZE = 24, CAPACITY_FIRST = 4096 };

/* Its number is 0 where it is free. */
struct record_entry {
	struct record_key key;
	uint8_t stamp_size;
	char stamp[STAMP_SIZE];
	int64_t number;
};

void record_table_done(struct record_table *table)
{
	free(table->all);
	free(table->kept);
	*table = (struct record_table){ 0 };
}

static bool same_key(const struct record_key *a, const struct record_key *b)
{
	return a->id == b->id && a->source == b->source && a->feed == b->feed;
}

static size_t hash_of(const struct record_key *key)
{
	uint64_t hash = (uint64_t)key->id * UINT64_C(0x9e3779b97f4a7c15);
	hash ^= ((uint64_t)(uint32_t)key->source << 32 | (uint32_t)key->feed) * UINT64_C(0xc2b2ae3d27d4eb4f);
	return (size_t)(hash ^ hash >> 29);
}

/* The key's place, or the free one where it would be. */
static struct record_entry *find(const struct record_table *table, const struct record_key *key)
{
	size_t at = hash_of(key) & (table->capacity - 1);
	while (table->all[at].number != 0 && !same_key(&table->all[at].key, key))
		at = (at + 1) & (table->capacity - 1);
	return &table->all[at];
}

static bool grow(struct record_table *table)
{
	struct record_table grown = *table;
	grown.capacity = table->capacity ? table->capacity * 2 : CAPACITY_FIRST;
	grown.all = calloc(grown.capacity, sizeof *grown.all);
	if (!grown.all)
		return false;
	for (size_t i = 0; i < table->capacity; i++)
		if (table->all[i].number != 0)
			*find(&grown, &table->all[i].key) = table->all[i];
	free(table->all);
	*table = grown;
	return true;
}

static bool set_kept(struct record_table *table, int64_t number, bool kept)
{
	size_t byte = (size_t)number / 8;
	if (byte >= table->kept_size) {
		size_t size = byte * 2 + 1024;
		uint8_t *grown = realloc(table->kept, size);
		if (!grown)
			return false;
		memset(grown + table->kept_size, 0, size - table->kept_size);
		table->kept = grown;
		table->kept_size = size;
	}
	uint8_t bit = (uint8_t)(1u << (number % 8));
	table->kept[byte] = (uint8_t)(kept ? table->kept[byte] | bit : table->kept[byte] & ~bit);
	return true;
}

enum outcome record_table_take(struct record_table *table, const struct record_key *key, struct span stamp, int64_t *number)
{
	if (table->count * 4 >= table->capacity * 3 && !grow(table))
		return NO_MEMORY;
	struct record_entry *entry = find(table, key);
	stamp = span_slice(stamp, 0, STAMP_SIZE);
	if (entry->number != 0 && span_compare(span_of(entry->stamp, entry->stamp_size), stamp) > 0)
		return NOT_THIS;
	if (!set_kept(table, table->last + 1, true))
		return NO_MEMORY;
	if (entry->number != 0)
		(void)set_kept(table, entry->number, false);
	table->count += entry->number == 0;
	*entry = (struct record_entry){ .key = *key, .stamp_size = (uint8_t)stamp.size, .number = ++table->last };
	if (stamp.size > 0)
		memcpy(entry->stamp, stamp.data, stamp.size);
	*number = entry->number;
	return DONE;
}

bool record_table_has(const struct record_table *table, const struct record_key *key)
{
	return table->capacity > 0 && find(table, key)->number != 0;
}

bool record_table_keeps(const struct record_table *table, int64_t number)
{
	return number == 0 || ((size_t)number / 8 < table->kept_size && (table->kept[number / 8] >> (number % 8) & 1) != 0);
}

bool record_table_next(const struct record_table *table, size_t *at, struct record_key *out)
{
	while (*at < table->capacity && table->all[*at].number == 0)
		++*at;
	if (*at >= table->capacity)
		return false;
	*out = table->all[(*at)++].key;
	return true;
}
