/*
 * Reads a structure straight down. A read past the end gives zero and marks the
 * cursor failed for good, so a header is read whole and checked once.
 */
#ifndef ASSAY_BASE_CURSOR_H
#define ASSAY_BASE_CURSOR_H

#include "base/span.h"

struct cursor {
	struct span span;
	size_t at;
	bool failed;
	bool big_endian; /* for cursor_u16, u32, u64 */
};

static inline struct cursor cursor_over(struct span span)
{
	return (struct cursor){ .span = span };
}

/* A cursor whose cursor_u16/32/64 read that byte order. */
static inline struct cursor cursor_over_order(struct span span, bool big_endian)
{
	return (struct cursor){ .span = span, .big_endian = big_endian };
}

static inline bool cursor_ok(const struct cursor *c)
{
	return !c->failed;
}

static inline size_t cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : c->span.size - c->at;
}

/* The next size bytes, borrowed; the empty span where there are fewer. */
struct span cursor_take(struct cursor *c, uint64_t size);
/* Passes over bytes; fails past the end. */
void cursor_skip(struct cursor *c, uint64_t size);
/* Goes to an absolute position; fails past the end. */
void cursor_seek(struct cursor *c, uint64_t position);
/* Passes over the bytes up to the next multiple of a power of two. */
void cursor_align(struct cursor *c, size_t alignment);

uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16le(struct cursor *c);
uint32_t cursor_u32le(struct cursor *c);
uint64_t cursor_u64le(struct cursor *c);
uint16_t cursor_u16be(struct cursor *c);
uint32_t cursor_u32be(struct cursor *c);
uint64_t cursor_u64be(struct cursor *c);
/* In the cursor's own byte order. */
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);

#endif
