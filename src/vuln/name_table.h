/* Numbers of names; those that came after a mark can be undone. */
#ifndef ASSAY_VULN_NAME_TABLE_H
#define ASSAY_VULN_NAME_TABLE_H

#include "base/arena.h"
#include "base/outcome.h"

struct name_entry {
	struct span name;
	int64_t number;
};

struct name_table {
	struct arena arena;
	struct name_entry *all; /* in the order in which they came */
	size_t count, capacity;
	uint32_t *slots;        /* index from 1; open addressing over twice the capacity */
	size_t marked;          /* how many there were at the mark */
};

void name_table_init(struct name_table *table);
void name_table_done(struct name_table *table);
/* 0 where there is none. */
int64_t name_table_find(const struct name_table *table, struct span name);
/* Adds one that is not there. NO_MEMORY. */
enum outcome name_table_add(struct name_table *table, struct span name, int64_t number) MUST_CHECK;
void name_table_mark(struct name_table *table);
void name_table_undo(struct name_table *table);

#endif
