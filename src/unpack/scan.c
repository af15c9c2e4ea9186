#include "unpack/scan.h"

#include <stdlib.h>

#include "base/effort.h"
#include "base/scoped.h"

/* One magic of one format. */
struct candidate {
	const struct unpacker *unpacker;
	const struct magic *magic;
	uint32_t prefix, mask;  /* its first four bytes, or fewer: refuses most places without a call */
	struct candidate *next; /* with the same first two bytes */
};

enum { KEYS = 1 << 16, CANDIDATES_MAX = 1024 };
/* Bytes that are searched before the next are paid for, and the units that they cost. */
enum { PIECE = 4096, UNITS_PIECE = 3 * PIECE };

struct scan_index {
	struct candidate *by_key[KEYS];
	uint8_t is_key[KEYS / 8]; /* a bit for each: small enough to stay close while a search runs */
	struct candidate candidates[CANDIDATES_MAX];
	size_t count;
};

static uint16_t key_at(struct span bytes, uint64_t offset)
{
	return (uint16_t)(span_byte(bytes, offset) | span_byte(bytes, offset + 1) << 8);
}

/* The four bytes at a place, the first lowest; zeros past the end. */
static uint32_t word_at(struct span bytes, uint64_t offset)
{
	return key_at(bytes, offset) | (uint32_t)key_at(bytes, offset + 2) << 16;
}

static bool is_key(const struct scan_index *index, uint16_t key)
{
	return index->is_key[key / 8] >> key % 8 & 1;
}

static void add(struct scan_index *index, const struct unpacker *unpacker, const struct magic *magic)
{
	uint16_t key = key_at(magic->bytes, 0);
	if (index->count == CANDIDATES_MAX)
		return;
	struct candidate *candidate = &index->candidates[index->count++];
	uint32_t mask = magic->bytes.size >= 4 ? UINT32_MAX : magic->bytes.size == 3 ? 0xffffff : 0xffff;
	*candidate = (struct candidate){
		.unpacker = unpacker, .magic = magic, .prefix = word_at(magic->bytes, 0) & mask, .mask = mask
	};
	index->is_key[key / 8] |= (uint8_t)(1u << key % 8);
	/* At the end of the chain, so that equal bids keep the order of the registry. */
	struct candidate **end = &index->by_key[key];
	while (*end)
		end = &(*end)->next;
	*end = candidate;
}

enum outcome scan_index_new(struct scan_index **out)
{
	struct scan_index *index = calloc(1, sizeof *index);
	if (!index)
		return NO_MEMORY;
	for (const struct unpacker *const *unpacker = unpackers; *unpacker; unpacker++)
		for (int i = 0; i < MAGICS_MAX; i++)
			if ((*unpacker)->magics[i].bytes.size >= 2)
				add(index, *unpacker, &(*unpacker)->magics[i]);
	*out = index;
	return DONE;
}

void scan_index_free(struct scan_index *index)
{
	free(index);
}

void found_done(struct found *found)
{
	buffer_done(&found->extent.content);
}

static bool believed(enum outcome outcome, const struct extent *extent)
{
	bool claimed = outcome == DONE || outcome == PARTIAL || outcome == MALFORMED;
	return claimed && extent->bits >= SCAN_BITS_LEAST && extent->size > 0;
}

/*
 * Bytes that formats may go over in vain in one search. Real images need a fraction of
 * it; one that is full of headers which almost hold would cost the square of its size.
 */
static uint64_t patience_for(struct span bytes)
{
	return (uint64_t)bytes.size * 64 + (64 << 20);
}

/* Asks a format for its bid on bytes that begin at offset, and keeps it where it beats the best so far. */
static void weigh(const struct unpacker *unpacker, struct span bytes, uint64_t offset, struct arena *arena,
		  uint64_t *patience, struct found *best)
{
	struct span here = span_from(bytes, offset);
	struct extent extent = { 0 };
	if (*patience == 0)
		return;
	enum outcome outcome = unpacker->measure(here, arena, &extent);
	if (!believed(outcome, &extent)) {
		buffer_done(&extent.content);
		*patience -= extent.effort < *patience ? extent.effort : *patience;
		return;
	}
	if (extent.size > here.size)
		extent.size = here.size;
	bool sound = outcome != MALFORMED, best_sound = best->unpacker && best->outcome != MALFORMED;
	bool better = !best->unpacker || (sound && !best_sound) ||
		      (sound == best_sound &&
		       (extent.bits > best->extent.bits ||
			(extent.bits == best->extent.bits && extent.size > best->extent.size)));
	if (!better) {
		buffer_done(&extent.content);
		return;
	}
	found_done(best);
	*best = (struct found){ .offset = offset, .unpacker = unpacker, .extent = extent, .outcome = outcome };
}

bool scan_start(const struct scan_index *index, struct span bytes, struct arena *arena, struct found *out)
{
	const struct unpacker *asked = NULL;
	uint64_t patience = patience_for(bytes);
	*out = (struct found){ 0 };
	for (size_t i = 0; i < index->count; i++) {
		const struct candidate *candidate = &index->candidates[i];
		if (candidate->unpacker == asked)
			continue; /* another magic of a format that has bid already */
		/* A format whose magics stand anywhere in it is asked outright. */
		if (!candidate->unpacker->find_start &&
		    !span_has_at(bytes, candidate->magic->offset, candidate->magic->bytes))
			continue;
		asked = candidate->unpacker;
		weigh(asked, bytes, 0, arena, &patience, out);
	}
	return out->unpacker != NULL;
}

static uint64_t find_start(const struct unpacker *unpacker, struct span bytes, uint64_t at, uint64_t least,
			   uint64_t *patience)
{
	uint64_t effort = 0, start = *patience > 0 ? unpacker->find_start(bytes, at, least, &effort) : UINT64_MAX;
	*patience -= effort < *patience ? effort : *patience;
	return start;
}

/* The best claim among the formats whose magic stands at `at`, on a start that is not before `least`. */
static bool best_at(const struct scan_index *index, struct span bytes, uint64_t at, uint64_t least,
		    struct arena *arena, uint64_t *patience, struct found *best)
{
	uint32_t word = word_at(bytes, at);
	best->unpacker = NULL;
	for (const struct candidate *c = index->by_key[key_at(bytes, at)]; c; c = c->next) {
		if ((word & c->mask) != c->prefix || at < c->magic->offset || !span_has_at(bytes, at, c->magic->bytes))
			continue;
		uint64_t start = c->unpacker->find_start ? find_start(c->unpacker, bytes, at, least, patience)
							 : at - c->magic->offset;
		if (start < least || start > at || (c->unpacker->at_start_only && start != 0))
			continue;
		weigh(c->unpacker, bytes, start, arena, patience, best);
	}
	return best->unpacker != NULL;
}

void scan_bytes(const struct scan_index *index, struct span bytes, struct arena *arena,
		bool (*take)(void *context, struct found *found), void *context)
{
	uint64_t claimed = 0; /* everything before it is spoken for */
	uint64_t at = 0, patience = patience_for(bytes);
	SCOPED(found) start = { 0 };
	SCOPED(found) best = { 0 };
	if (scan_start(index, bytes, arena, &start) && take(context, &start))
		claimed = at = start.extent.size;
	found_done(&start);
	uint64_t paid = at;
	while (at + 1 < bytes.size) {
		if (at >= paid && !effort_spend(UNITS_PIECE))
			return;
		paid = at >= paid ? at + PIECE : paid;
		if (!is_key(index, key_at(bytes, at)) || !best_at(index, bytes, at, claimed, arena, &patience, &best)) {
			at++;
			continue;
		}
		bool again = best.offset == start.offset && best.unpacker == start.unpacker;
		if (!again && take(context, &best)) {
			claimed = best.offset + best.extent.size;
			at = claimed > at ? claimed : at + 1;
		} else {
			at++;
		}
		found_done(&best);
	}
}
