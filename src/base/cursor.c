#include "base/cursor.h"

#include "base/effort.h"

/* What reading one field costs, in units of effort. */
enum { EFFORT_STEP = 2 };

struct span cursor_take(struct cursor *c, uint64_t size)
{
	if (c->failed || !span_covers(c->span, c->at, size) || !effort_spend(EFFORT_STEP)) {
		c->failed = true;
		return SPAN_NONE;
	}
	struct span taken = span_slice(c->span, c->at, size);
	c->at += (size_t)size;
	return taken;
}

void cursor_skip(struct cursor *c, uint64_t size)
{
	(void)cursor_take(c, size);
}

void cursor_seek(struct cursor *c, uint64_t position)
{
	if (position > c->span.size || !effort_spend(EFFORT_STEP))
		c->failed = true;
	else
		c->at = (size_t)position;
}

void cursor_align(struct cursor *c, size_t alignment)
{
	cursor_skip(c, (alignment - (c->at & (alignment - 1))) & (alignment - 1));
}

/* Up to eight bytes as a number; the one place where bytes become integers. */
static uint64_t read_le(struct cursor *c, size_t size)
{
	struct span bytes = cursor_take(c, size);
	uint64_t value = 0;
	for (size_t i = bytes.size; i > 0; i--)
		value = value << 8 | bytes.data[i - 1];
	return value;
}

static uint64_t read_be(struct cursor *c, size_t size)
{
	struct span bytes = cursor_take(c, size);
	uint64_t value = 0;
	for (size_t i = 0; i < bytes.size; i++)
		value = value << 8 | bytes.data[i];
	return value;
}

uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)read_le(c, 1);
}

uint16_t cursor_u16le(struct cursor *c)
{
	return (uint16_t)read_le(c, 2);
}

uint32_t cursor_u32le(struct cursor *c)
{
	return (uint32_t)read_le(c, 4);
}

uint64_t cursor_u64le(struct cursor *c)
{
	return read_le(c, 8);
}

uint16_t cursor_u16be(struct cursor *c)
{
	return (uint16_t)read_be(c, 2);
}

uint32_t cursor_u32be(struct cursor *c)
{
	return (uint32_t)read_be(c, 4);
}

uint64_t cursor_u64be(struct cursor *c)
{
	return read_be(c, 8);
}

uint16_t cursor_u16(struct cursor *c)
{
	return c->big_endian ? cursor_u16be(c) : cursor_u16le(c);
}

uint32_t cursor_u32(struct cursor *c)
{
	return c->big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

uint64_t cursor_u64(struct cursor *c)
{
	return c->big_endian ? cursor_u64be(c) : cursor_u64le(c);
}
