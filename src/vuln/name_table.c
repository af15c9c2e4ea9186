#include "vuln/name_table.h"

#include <stdlib.h>

enum { CAPACITY_FIRST = 1024 };

void name_table_init(struct name_table *table)
{
	*table = (struct name_table){ 0 };
	arena_init(&table->arena, SIZE_MAX);
}

void name_table_done(struct name_table *table)
{
	arena_done(&table->arena);
	free(table->all);
	free(table->slots);
}

static size_t hash_of(struct span name)
{
	uint64_t hash = span_hash(name);
	return (size_t)(hash ^ hash >> 32);
}

static uint32_t *slot_of(const struct name_table *table, struct span name)
{
	size_t mask = table->capacity * 2 - 1, at = hash_of(name) & mask;
	while (table->slots[at] != 0 && !span_equal(table->all[table->slots[at] - 1], name))
		at = (at + 1) & mask;
	return &table->slots[at];
}

static bool grow(struct name_table *table)
{
	size_t capacity = table->capacity ? table->capacity * 2 : CAPACITY_FIRST;
	struct span *all = realloc(table->all, capacity * sizeof *all);
	if (all)
		table->all = all;
	uint32_t *slots = all && capacity < UINT32_MAX / 4 ? calloc(capacity * 2, sizeof *slots) : NULL;
	if (!slots)
		return false;
	free(table->slots);
	table->slots = slots;
	table->capacity = capacity;
	for (size_t i = 0; i < table->count; i++)
		*slot_of(table, table->all[i]) = (uint32_t)(i + 1);
	return true;
}

uint32_t name_table_find(const struct name_table *table, struct span name)
{
	return table->capacity > 0 ? *slot_of(table, name) : 0;
}

enum outcome name_table_take(struct name_table *table, struct span name, uint32_t *number)
{
	*number = name_table_find(table, name);
	if (*number != 0)
		return DONE;
	if (table->count == table->capacity && !grow(table))
		return NO_MEMORY;
	struct span copy = arena_copy(&table->arena, name);
	if (!copy.data)
		return NO_MEMORY;
	table->all[table->count++] = copy;
	*number = (uint32_t)table->count;
	*slot_of(table, name) = *number;
	return DONE;
}

struct span name_table_name(const struct name_table *table, uint32_t number)
{
	return number == 0 ? SPAN_NONE : table->all[number - 1];
}
