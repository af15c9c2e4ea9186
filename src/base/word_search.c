#include "base/word_search.h"

#include "base/effort.h"

enum { HASH_SHIFT = 20 };

static uint32_t first_four(const uint8_t *at)
{
	uint32_t value;
	memcpy(&value, at, sizeof value);
	return value;
}

static uint32_t bucket_of(const uint8_t *at)
{
	return (uint32_t)(first_four(at) * UINT32_C(2654435761)) >> HASH_SHIFT;
}

enum outcome word_search_make(struct arena *arena, const struct span *words, size_t count, struct word_search *out)
{
	*out = (struct word_search){ .words = words, .heads = ARENA_NEW(arena, uint32_t, WORD_SEARCH_BUCKETS),
				     .next = ARENA_NEW(arena, uint32_t, count + 1) };
	if (!out->heads || !out->next)
		return NO_MEMORY;
	for (size_t i = count; i-- > 0;) {
		if (words[i].size < WORD_SEARCH_LEAST)
			continue;
		uint32_t bucket = bucket_of(words[i].data);
		out->next[i] = out->heads[bucket];
		out->heads[bucket] = (uint32_t)i + 1;
	}
	return DONE;
}

bool word_search_run(const struct word_search *search, struct span bytes,
		     void (*see)(void *context, size_t word, size_t offset), void *context)
{
	for (size_t i = 0; i + WORD_SEARCH_LEAST <= bytes.size; i++) {
		if (!effort_at(i))
			return false;
		for (uint32_t at = search->heads[bucket_of(bytes.data + i)]; at; at = search->next[at - 1])
			if (span_has_at(bytes, i, search->words[at - 1]))
				see(context, at - 1, i);
	}
	return true;
}
