/*
 * Limits on what an image may cost. They are spent where anything grows: buffer_extend()
 * spends bytes, listing_add() spends entries, a nested container spends depth. The walk
 * over the image has one, and each job of the workers has a share that was cut
 * beforehand: so a bomb starves nothing but its own job, and what is read does not
 * depend on which worker was first.
 */
#ifndef ASSAY_BASE_BUDGET_H
#define ASSAY_BASE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct budget {
	_Atomic uint64_t bytes_left;   /* decompressed bytes */
	_Atomic uint64_t entries_left; /* entries of all volumes */
	uint64_t held;                 /* decompressed bytes that may be in memory at one time, in the walk or in one job */
	_Atomic uint64_t volumes_left; /* containers that are opened */
	uint64_t effort;               /* units of the meter (base/effort.h) */
	uint32_t depth;                /* containers within containers */
	int64_t deadline;              /* clock_monotonic_ms() after which work stops; 0 for none */
};

/* The limits for an image of that many bytes: generous to real ones, firm with bombs. */
void budget_init(struct budget *budget, uint64_t image_size);
/* Bounds what is held by the memory that the run may take, in bytes. */
void budget_hold(struct budget *budget, uint64_t memory);
/* Of that memory, what the walk may hold: containers, and what is held of their content. */
uint64_t budget_containers(uint64_t memory);
/* One job's share of a budget: by its weight among the total (in bytes), and no less than lets a small job do its work. */
void budget_share(struct budget *share, const struct budget *whole, uint64_t weight, uint64_t total, uint64_t jobs);
/* How large one thing may get while others hold that many bytes: it leaves as much to those after it. */
uint64_t budget_room(const struct budget *budget, uint64_t held);
/* Takes bytes; false, taking nothing, where fewer are left or the time is up. */
bool budget_spend_bytes(struct budget *budget, uint64_t bytes);
/* Takes one entry; false where none is left or the time is up. */
bool budget_spend_entry(struct budget *budget);
/* Takes one volume; false where none is left or the time is up. */
bool budget_spend_volume(struct budget *budget);
/* True where the time is up. */
bool budget_expired(const struct budget *budget);

#endif
