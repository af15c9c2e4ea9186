/* What the evidence tells of the store that was used: itself, its feeds, and what is wrong with it. */
#ifndef ASSAY_VULN_STORE_ROW_H
#define ASSAY_VULN_STORE_ROW_H

#include "evidence/evidence.h"
#include "vuln/store.h"

/* Fills vulnerability_store and vulnerability_feed. */
enum outcome store_row_write(struct evidence *evidence, struct store *store) MUST_CHECK;
/*
 * One line on where a store has less than the one that it is measured against (store_measure_against()): sources that it
 * lacks, that are older, or smaller by more than a fiftieth. Empty where it has no less; in the arena.
 */
enum outcome store_row_lacking(const struct store *store, struct arena *arena, struct span *out) MUST_CHECK;

#endif
