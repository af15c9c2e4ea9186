#include "unpack/opened.h"

#include <stdlib.h>

enum { ARENA_CEILING = 512 * 1024 * 1024, BUFFER_CEILING = 512 * 1024 * 1024 };

enum outcome opened_open(struct opened *opened, const struct unpacker *unpacker, struct span bytes)
{
	*opened = (struct opened){ .listed = NOT_THIS, .reading = NOT_THIS };
	arena_init(&opened->arena, ARENA_CEILING);
	budget_init(&opened->budget, bytes.size);
	notes_init(&opened->notes, &opened->arena);
	buffer_init(&opened->content, BUFFER_CEILING, &opened->budget);
	struct found found = { .unpacker = unpacker };
	opened->measured = found.outcome = unpacker->measure(bytes, &opened->arena, &found.extent);
	if (!outcome_usable(found.outcome)) {
		found_done(&found);
		return opened->listed;
	}
	opened->listed = volume_open(&found, bytes, &opened->arena, &opened->budget, &opened->notes, &opened->volume,
				     &opened->listing);
	opened->reading = volume_reader_open(&opened->volume, &opened->arena, &opened->notes, &opened->reader);
	return opened->listed;
}

void opened_close(struct opened *opened)
{
	if (opened->reading == DONE)
		volume_reader_close(&opened->reader);
	volume_close(&opened->volume);
	buffer_done(&opened->content);
	arena_done(&opened->arena);
}

const struct entry *opened_find(const struct opened *opened, const char *path)
{
	for (size_t i = 0; i < opened->listing.count; i++)
		if (span_equal_text(opened->listing.entries[i].path, path))
			return &opened->listing.entries[i];
	return NULL;
}

enum outcome opened_read(struct opened *opened, const struct entry *entry, struct span *out)
{
	*out = SPAN_NONE;
	if (opened->reading != DONE)
		return opened->reading;
	return volume_read(&opened->reader, entry, &opened->content, out);
}

static int by_place(const void *a, const void *b)
{
	const struct entry *const *first = a, *const *second = b;
	if ((*first)->offset != (*second)->offset)
		return (*first)->offset < (*second)->offset ? -1 : 1;
	return (*first > *second) - (*first < *second);
}

const struct entry **opened_in_data_order(const struct opened *opened, size_t *count)
{
	const struct entry **order = calloc(opened->listing.count + 1, sizeof *order);
	*count = 0;
	for (size_t i = 0; order && i < opened->listing.count; i++) {
		const struct entry *entry = &opened->listing.entries[i];
		if (entry->type == ENTRY_FILE || entry->type == ENTRY_PART)
			order[(*count)++] = entry;
	}
	if (*count > 1)
		qsort(order, *count, sizeof *order, by_place);
	return order;
}

size_t opened_read_all(struct opened *opened)
{
	size_t count, failed = 0;
	const struct entry **order = opened_in_data_order(opened, &count);
	for (size_t i = 0; i < count; i++) {
		struct span content;
		enum outcome outcome = opened_read(opened, order[i], &content);
		failed += outcome != DONE;
		if (outcome == OVER_BUDGET)
			break;
	}
	free(order);
	return failed;
}

void opened_exercise(const struct unpacker *unpacker, struct span bytes)
{
	struct opened opened;
	(void)opened_open(&opened, unpacker, bytes);
	(void)opened_read_all(&opened);
	opened_close(&opened);
}

/* xorshift: the damage must be the same on every run. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A copy of its own size, so that a sanitizer sees every read past the end. */
static void exercise_copy(const struct unpacker *unpacker, struct span bytes, uint64_t *random, unsigned bits)
{
	uint8_t *copy = malloc(bytes.size ? bytes.size : 1);
	if (!copy)
		return;
	if (bytes.size > 0)
		memcpy(copy, bytes.data, bytes.size);
	for (unsigned i = 0; i < bits && bytes.size > 0; i++) {
		uint64_t value = next_random(random);
		/* Every other change goes to the head, where formats keep what they trust. */
		size_t reach = i % 2 && bytes.size > 256 ? 256 : bytes.size;
		copy[(value >> 3) % reach] ^= (uint8_t)(1U << (value & 7));
	}
	opened_exercise(unpacker, span_of(copy, bytes.size));
	free(copy);
}

void opened_exercise_damaged(const struct unpacker *unpacker, struct span bytes, size_t cuts, size_t flips)
{
	uint64_t random = 0x9e3779b97f4a7c15U;
	for (size_t i = 0; i < cuts; i++)
		exercise_copy(unpacker, span_slice(bytes, 0, bytes.size / cuts * i + i % 7), &random, 0);
	for (size_t i = 0; i < flips; i++)
		exercise_copy(unpacker, bytes, &random, 1 + (unsigned)(i % 8));
}
