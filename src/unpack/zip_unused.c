/* Bytes of a zip that no entry has: between local entries, and before the directory. Layout: PKWARE APPNOTE.TXT 6.3. */
#include <stdlib.h>

#include "base/cursor.h"
#include "unpack/zip.h"

enum { LOCAL_HEADER = 30, DESCRIPTOR_MOST = 24, FLAG_DESCRIPTOR = 8, GAP_LEAST = 32 };

struct local {
	uint64_t offset, end;
};

/* Takes one record off the directory; false at its end, or where sizes are kept elsewhere. */
static bool next_local(struct cursor *c, struct span bytes, struct local *out)
{
	static const uint32_t WIDE = 0xffffffff;
	if (!span_equal_text(cursor_take(c, 4), "PK\1\2"))
		return false;
	cursor_skip(c, 4);
	uint16_t flags = cursor_u16le(c);
	cursor_skip(c, 10);
	uint32_t size = cursor_u32le(c);
	cursor_skip(c, 4);
	uint64_t name = cursor_u16le(c), extra = cursor_u16le(c), comment = cursor_u16le(c);
	cursor_skip(c, 8);
	uint32_t offset = cursor_u32le(c);
	cursor_skip(c, name + extra + comment);
	struct cursor local = cursor_over(span_from(bytes, offset));
	cursor_skip(&local, 26);
	uint64_t local_name = cursor_u16le(&local), local_extra = cursor_u16le(&local);
	out->offset = offset;
	out->end = offset + LOCAL_HEADER + local_name + local_extra + size + (flags & FLAG_DESCRIPTOR ? DESCRIPTOR_MOST : 0);
	return cursor_ok(c) && cursor_ok(&local) && size != WIDE && offset != WIDE;
}

static int by_offset(const void *left, const void *right)
{
	const struct local *a = left, *b = right;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* What signs an Android package lies before the directory, and says so at its end. */
static bool is_signing_block(struct span gap)
{
	return span_ends(gap, SPAN_LITERAL("APK Sig Block 42"));
}

static enum outcome add_gap(struct span bytes, uint64_t from, uint64_t to, struct listing *out)
{
	if (to < from + GAP_LEAST || is_signing_block(span_slice(bytes, from, to - from)))
		return DONE;
	return listing_add_unused(out, from, to - from);
}

enum outcome zip_list_unused(struct span bytes, uint64_t directory, struct listing *out)
{
	struct cursor c = cursor_over(bytes);
	struct local *locals = NULL;
	size_t count = 0, capacity = 0;
	cursor_seek(&c, directory);
	for (struct local local; next_local(&c, bytes, &local);) {
		locals = arena_grow(out->arena, locals, count, &capacity, sizeof *locals);
		if (!locals)
			return NO_MEMORY;
		locals[count++] = local;
	}
	if (count == 0)
		return DONE;
	qsort(locals, count, sizeof *locals, by_offset);
	uint64_t at = 0;
	for (size_t i = 0; i < count; i++) {
		TRY(add_gap(bytes, at, locals[i].offset, out));
		at = locals[i].end > at ? locals[i].end : at;
	}
	return add_gap(bytes, at, directory, out);
}
