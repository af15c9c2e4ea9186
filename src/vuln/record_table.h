/*
 * Which records a store that is being written has: of each vulnerability, source and feed the newest. Records are numbered
 * as they come.
 */
#ifndef ASSAY_VULN_RECORD_TABLE_H
#define ASSAY_VULN_RECORD_TABLE_H

#include "base/outcome.h"
#include "base/span.h"

struct record_key {
	int64_t id;
	int32_t source, feed;
};

struct record_entry;

struct record_table {
	struct record_entry *all; /* open addressing; NULL until the first */
	size_t capacity, count;
	uint8_t *kept;            /* a bit for each number */
	size_t kept_size;
	int64_t last;             /* number of the last record */
};

void record_table_done(struct record_table *table);
/*
 * Takes up a record: *number is its own, and that of the one that it replaces is kept no more. NOT_THIS where a newer one is
 * there (stamps compare as text, their first 24 bytes). NO_MEMORY.
 */
enum outcome record_table_take(struct record_table *table, const struct record_key *key, struct span stamp,
			       int64_t *number) MUST_CHECK;
bool record_table_has(const struct record_table *table, const struct record_key *key);
/* Of a record's number; 0, of rows without a record, is kept. */
bool record_table_keeps(const struct record_table *table, int64_t number);
/* Goes through all of them, in no order; *at begins at 0. False at the end. */
bool record_table_next(const struct record_table *table, size_t *at, struct record_key *out);

#endif
