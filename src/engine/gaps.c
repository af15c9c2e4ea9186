#include "engine/gaps.h"

#include "base/effort.h"
#include "inspect/known.h"

/* A run this long within other bytes is padding, and not a value of theirs. */
enum { PADDING_WITHIN = 4096 };

void claims_add(struct claims *claims, struct arena *arena, uint64_t offset, uint64_t size)
{
	struct claim *claim = ARENA_NEW(arena, struct claim, 1);
	if (!claim)
		return;
	*claim = (struct claim){ .offset = offset, .size = size };
	if (claims->last)
		claims->last->next = claim;
	else
		claims->first = claim;
	claims->last = claim;
}

/* Length of the run of one filling byte at the start. */
static size_t run_length(struct span bytes)
{
	uint8_t filling = span_byte(bytes, 0);
	size_t length = 0;
	if (filling != 0x00 && filling != 0xff)
		return 0;
	while (length < bytes.size && span_byte(bytes, length) == filling && effort_at(length))
		length++;
	return length;
}

/* Bytes up to the next long run of padding, or up to padding that reaches the end. */
static size_t content_length(struct span bytes)
{
	size_t at = 0;
	while (at < bytes.size && effort_at(at) && !effort_over()) {
		size_t run = run_length(span_from(bytes, at));
		if (run >= PADDING_WITHIN || (run > 0 && at + run == bytes.size))
			return at;
		at += run > 0 ? run : 1;
	}
	return bytes.size;
}

bool gaps_next(const struct claims *claims, struct span bytes, uint64_t *at, struct gap *out)
{
	uint64_t end = bytes.size;
	for (const struct claim *claim = claims->first; claim; claim = claim->next) {
		if (claim->offset + claim->size <= *at)
			continue;
		if (claim->offset > *at) {
			end = claim->offset;
			break;
		}
		*at = claim->offset + claim->size;
	}
	if (*at >= end)
		return false;
	struct span rest = span_slice(bytes, *at, end - *at);
	struct known known;
	if (known_content(SPAN_NONE, rest, &known) && known.program) { /* whole, with the zeros in it */
		*out = (struct gap){ .offset = *at, .size = known.end };
		*at += out->size;
		return true;
	}
	size_t run = run_length(rest);
	bool padding = run == rest.size || run >= 16;
	size_t size = padding ? run : content_length(rest);
	if (effort_over()) { /* nobody has looked where it ends, nor at all that is in it */
		padding = false;
		size = rest.size;
	}
	*out = (struct gap){ .offset = *at, .size = size > 0 ? size : rest.size, .padding = padding };
	*at += out->size;
	return true;
}
