#include "engine/batch.h"

#include <stdlib.h>

/* A job of this many bytes is long enough to be worth a hand-over, short enough to balance. */
static const uint64_t JOB_BYTES = 512 * 1024;
enum { JOB_TARGETS = 512 };

void batches_init(struct batches *batches)
{
	*batches = (struct batches){ 0 };
}

void batches_done(struct batches *batches)
{
	free(batches->targets);
	free(batches->starts);
	*batches = (struct batches){ 0 };
}

enum outcome batches_add(struct batches *batches, const struct target *target)
{
	if (batches->count == batches->capacity) {
		size_t capacity = batches->capacity ? batches->capacity * 2 : 1024;
		struct target *targets = realloc(batches->targets, capacity * sizeof *targets);
		if (!targets)
			return NO_MEMORY;
		batches->targets = targets;
		batches->capacity = capacity;
	}
	batches->targets[batches->count++] = *target;
	return DONE;
}

static int64_t node_number(const struct target *target)
{
	return target->node ? target->node->id : 0;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* Big pieces of raw bytes first, then volume by volume, each in the order of its data. */
static int compare_targets(const void *left, const void *right)
{
	const struct target *a = left, *b = right;
	int order = compare_numbers((uint64_t)node_number(a), (uint64_t)node_number(b));
	bool sequential = a->node && a->node->volume.unpacker->sequential;
	if (order == 0 && a->node && !sequential)
		order = compare_numbers(a->entry->offset, b->entry->offset);
	if (order == 0)
		order = compare_numbers((uint64_t)a->file, (uint64_t)b->file);
	return order;
}

/* Bytes; sizes that an image states count up to a limit, beyond which no file is read anyway. */
static uint64_t weight(const struct target *target)
{
	static const uint64_t MOST = UINT64_C(1) << 32;
	uint64_t size = target->node ? target->entry->size : target->bytes.size;
	return size < MOST ? size : MOST;
}

/* Entries that share a block, or are names of one content, stay in one job; so does all of a solid archive. */
static bool belong_together(const struct target *a, const struct target *b)
{
	if (!a->node || a->node != b->node)
		return false;
	if (a->node->volume.unpacker->sequential)
		return true;
	bool same_block = a->entry->group != 0 && a->entry->group == b->entry->group;
	bool same_content = a->entry->identity != 0 && a->entry->identity == b->entry->identity;
	return same_block || same_content;
}

static size_t cut(const struct batches *batches, size_t *starts)
{
	size_t jobs = 0;
	uint64_t bytes = 0;
	size_t members = 0;
	for (size_t i = 0; i < batches->count; i++) {
		const struct target *target = &batches->targets[i];
		bool full = bytes >= JOB_BYTES || members >= JOB_TARGETS;
		if (i == 0 || (full && !belong_together(target - 1, target))) {
			starts[jobs++] = i;
			bytes = 0;
			members = 0;
		}
		bytes += weight(target);
		members++;
	}
	starts[jobs] = batches->count;
	return jobs;
}

enum outcome batches_sort(struct batches *batches)
{
	if (batches->count > 1)
		qsort(batches->targets, batches->count, sizeof *batches->targets, compare_targets);
	batches->starts = calloc(batches->count + 1, sizeof *batches->starts);
	if (!batches->starts)
		return NO_MEMORY;
	batches->jobs = cut(batches, batches->starts);
	for (size_t i = 0; i < batches->count; i++)
		batches->weight += weight(&batches->targets[i]);
	return DONE;
}

uint64_t batches_weight(const struct batches *batches, size_t job)
{
	const struct target *first;
	size_t count = batches_job(batches, job, &first);
	uint64_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += weight(&first[i]);
	return bytes;
}

size_t batches_count(const struct batches *batches)
{
	return batches->jobs;
}

size_t batches_job(const struct batches *batches, size_t job, const struct target **first)
{
	*first = &batches->targets[batches->starts[job]];
	return batches->starts[job + 1] - batches->starts[job];
}
