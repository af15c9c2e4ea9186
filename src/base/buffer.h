/*
 * Bytes that grow, with a ceiling and a budget. The only place, beside the arena,
 * where an image can make memory grow.
 */
#ifndef ASSAY_BASE_BUFFER_H
#define ASSAY_BASE_BUFFER_H

#include "base/budget.h"
#include "base/memory.h"
#include "base/outcome.h"
#include "base/span.h"

struct buffer {
	uint8_t *data;
	size_t size;     /* bytes in use */
	size_t capacity; /* bytes allocated */
	size_t ceiling;  /* never grows past it */
	struct memory *memory; /* that its growth is taken from; NULL for none */
	struct budget *budget; /* spent as it grows; NULL for our own output */
};

/* Prepares an empty buffer, which grows on the account of this thread. budget may be NULL; then only the ceiling holds. */
void buffer_init(struct buffer *buffer, size_t ceiling, struct budget *budget);
void buffer_done(struct buffer *buffer);
/* Empties it and keeps its memory. */
void buffer_clear(struct buffer *buffer);

/* Gives back the memory beyond the used bytes: of one that stays and grows no more. */
void buffer_trim(struct buffer *buffer);

/* Makes room for more bytes after the used ones (nothing is spent yet). OVER_BUDGET (the account included) or NO_MEMORY. */
enum outcome buffer_reserve(struct buffer *buffer, size_t more) MUST_CHECK;
/* Reserves, spends the budget and counts size bytes as used; *out points at them (valid until the next growth). */
enum outcome buffer_extend(struct buffer *buffer, size_t size, uint8_t **out) MUST_CHECK;
enum outcome buffer_append(struct buffer *buffer, struct span bytes) MUST_CHECK;
enum outcome buffer_append_zeros(struct buffer *buffer, size_t size) MUST_CHECK;
/* Repeats bytes that stand distance back from the end, overlapping as LZ77 does. MALFORMED where distance is out of reach. */
enum outcome buffer_repeat(struct buffer *buffer, size_t distance, size_t size) MUST_CHECK;

/* Where the next byte goes; NULL while nothing has been reserved. */
static inline uint8_t *buffer_end(const struct buffer *buffer)
{
	return buffer->data ? buffer->data + buffer->size : NULL;
}

static inline struct span buffer_span(const struct buffer *buffer)
{
	return (struct span){ buffer->data, buffer->size };
}

#endif
