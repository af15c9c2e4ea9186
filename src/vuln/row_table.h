/* The rows of table `affected` while a store is being written: their keys in memory, what they say by its place. */
#ifndef ASSAY_VULN_ROW_TABLE_H
#define ASSAY_VULN_ROW_TABLE_H

#include "base/spill.h"
#include "vuln/fact_log.h"
#include "vuln/name_table.h"

struct row_key {
	int64_t id;
	uint64_t at; /* of what it says; later rows have greater ones */
	uint32_t size;
	uint32_t product, entry;
	uint32_t release; /* number of its name; when the rows are ordered, its rank */
	uint32_t record;  /* 0 for a row of its own */
	uint16_t feed;
	uint8_t source;
	bool borrowed;    /* from another store: a row of our own goes before it */
};

/* Texts of what a row says. */
enum row_text { ROW_RANGES, ROW_PLATFORM, ROW_PART, ROW_FILES, ROW_WHY, ROW_TEXTS };

struct row_table {
	struct row_key *all;
	size_t count, capacity;
	struct name_table releases;
	struct span *ranked; /* names of releases by their rank, when the rows are ordered */
	struct buffer packed;
	struct spill said;
};

void row_table_init(struct row_table *table);
void row_table_done(struct row_table *table);
/*
 * Takes up a row: of its key all but release and place. What it says are the numbers `listed` and `usual`, and the texts.
 * NO_MEMORY.
 */
enum outcome row_table_add(struct row_table *table, const struct row_key *key, struct span release,
			   const struct fact *said) MUST_CHECK;
/* Orders rows by their keys, and keeps of those of one key the last, or the first that is borrowed. NO_MEMORY. */
enum outcome row_table_order(struct row_table *table) MUST_CHECK;
/* What a row says; it stays until the next one is read. */
enum outcome row_table_read(struct row_table *table, const struct row_key *key, struct fact *out) MUST_CHECK;

#endif
