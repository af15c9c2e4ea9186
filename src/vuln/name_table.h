/* Numbers of names, from 1 on, in the order in which they come. */
#ifndef ASSAY_VULN_NAME_TABLE_H
#define ASSAY_VULN_NAME_TABLE_H

#include "base/arena.h"
#include "base/outcome.h"

struct name_table {
	struct arena arena;
	struct span *all;
	size_t count, capacity;
	uint32_t *slots; /* numbers; open addressing over twice the capacity */
};

void name_table_init(struct name_table *table);
void name_table_done(struct name_table *table);
/* The number of a name, which may be empty; one that is not there is taken up. NO_MEMORY. */
enum outcome name_table_take(struct name_table *table, struct span name, uint32_t *number) MUST_CHECK;
/* 0 where it is not there. */
uint32_t name_table_find(const struct name_table *table, struct span name);
/* The name of a number; empty for 0. */
struct span name_table_name(const struct name_table *table, uint32_t number);

#endif
