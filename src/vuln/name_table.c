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
	while (table->slots[at] != 0 && !span_equal(table->all[table->slots[at] - 1].name, name))
		at = (at + 1) & mask;
	return &table->slots[at];
}

static void fill(struct name_table *table)
{
	memset(table->slots, 0, table->capacity * 2 * sizeof *table->slots);
	for (size_t i = 0; i < table->count; i++)
		*slot_of(table, table->all[i].name) = (uint32_t)(i + 1);
}

static bool grow(struct name_table *table)
{
	size_t capacity = table->capacity ? table->capacity * 2 : CAPACITY_FIRST;
	struct name_entry *all = realloc(table->all, capacity * sizeof *all);
	if (all)
		table->all = all;
	uint32_t *slots = all && capacity < UINT32_MAX / 4 ? malloc(capacity * 2 * sizeof *slots) : NULL;
	if (!slots)
		return false;
	free(table->slots);
	table->slots = slots;
	table->capacity = capacity;
	fill(table);
	return true;
}

int64_t name_table_find(const struct name_table *table, struct span name)
{
	uint32_t index = table->capacity > 0 ? *slot_of(table, name) : 0;
	return index == 0 ? 0 : table->all[index - 1].number;
}

enum outcome name_table_add(struct name_table *table, struct span name, int64_t number)
{
	if (table->count == table->capacity && !grow(table))
		return NO_MEMORY;
	struct name_entry entry = { arena_copy(&table->arena, name), number };
	if (!entry.name.data)
		return NO_MEMORY;
	uint32_t *slot = slot_of(table, name);
	table->all[table->count++] = entry;
	*slot = (uint32_t)table->count;
	return DONE;
}

void name_table_mark(struct name_table *table)
{
	table->marked = table->count;
}

void name_table_undo(struct name_table *table)
{
	if (table->count == table->marked)
		return;
	table->count = table->marked;
	fill(table);
}
