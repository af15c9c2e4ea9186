/*
 * Limits of one job, shared by its workers. They are spent where anything grows:
 * buffer_extend() spends bytes, listing_add() spends entries, a nested container spends depth.
 */
#ifndef ASSAY_BASE_BUDGET_H
#define ASSAY_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct budget {
	_Atomic uint64_t bytes_left;   /* decompressed bytes, over the whole job */
	_Atomic uint64_t entries_left; /* entries of all volumes */
	uint64_t largest_buffer;       /* one decompressed thing */
	uint32_t depth;                /* containers within containers */
	int64_t deadline;              /* clock_monotonic_ms() after which work stops; 0 for none */
};

/* The limits for an image of that many bytes: generous to real ones, firm with bombs. */
void budget_init(struct budget *budget, uint64_t image_size);
/* Takes bytes; false, taking nothing, where fewer are left or the time is up. */
bool budget_spend_bytes(struct budget *budget, uint64_t bytes);
/* Takes one entry; false where none is left or the time is up. */
bool budget_spend_entry(struct budget *budget);
/* True where the time is up. */
bool budget_expired(const struct budget *budget);

#endif
