/*
 * Bytes of a zip that nothing reads: between its entries, in large extra fields, and in comments. Layout: PKWARE
 * APPNOTE.TXT 6.3.
 */
#include "base/cursor.h"
#include "base/effort.h"
#include "unpack/occupied.h"
#include "unpack/zip.h"

enum {
	LOCAL_HEADER = 30,
	RECORD = 46, /* of the directory */
	END_RECORD = 22,
	DESCRIPTOR_MOST = 24,
	FLAG_DESCRIPTOR = 8,
	GAP_LEAST = 32,
	EXTRA_MOST = 1024,        /* times, owners, alignment: what is larger is something else */
	SIGNING_MOST = 1 << 20,
};

/* A header with a name; an extra field is read where it is small. */
static enum outcome take_header(struct occupied *occupied, uint64_t offset, uint64_t head, uint64_t extra)
{
	return occupied_add(occupied, offset, head + (extra > EXTRA_MOST ? 0 : extra));
}

static enum outcome take_local(struct occupied *occupied, struct span bytes, uint32_t offset, uint64_t content, uint64_t *last)
{
	struct cursor local = cursor_over(span_from(bytes, offset));
	cursor_skip(&local, 26);
	uint64_t head = LOCAL_HEADER + (uint64_t)cursor_u16le(&local), extra = cursor_u16le(&local);
	uint64_t start = offset + head + extra;
	if (!cursor_ok(&local))
		return DONE;
	*last = start + content > *last ? start + content : *last;
	TRY(take_header(occupied, offset, head, extra));
	return occupied_add(occupied, start, content);
}

/* An entry of the directory. */
struct record {
	uint64_t at, name, extra; /* where it begins; sizes of its ends */
	uint16_t flags;
	uint32_t size, offset;    /* of the content as stored; of the local header */
};

static bool next_record(struct cursor *c, struct record *out)
{
	out->at = c->at;
	if (!span_equal_text(cursor_take(c, 4), "PK\1\2"))
		return false;
	cursor_skip(c, 4);
	out->flags = cursor_u16le(c);
	cursor_skip(c, 10);
	out->size = cursor_u32le(c);
	cursor_skip(c, 4);
	out->name = cursor_u16le(c);
	out->extra = cursor_u16le(c);
	uint64_t comment = cursor_u16le(c);
	cursor_skip(c, 8);
	out->offset = cursor_u32le(c);
	cursor_skip(c, out->name + out->extra + comment);
	return cursor_ok(c);
}

uint64_t zip_count_records(struct span bytes, uint64_t directory)
{
	struct cursor c = cursor_over(bytes);
	struct record record;
	uint64_t count = 0;
	cursor_seek(&c, directory);
	while (effort_spend(RECORD) && next_record(&c, &record))
		count++;
	return count;
}

/* Takes one record off the directory. NOT_THIS at its end, or where sizes are kept elsewhere. */
static enum outcome take_next(struct occupied *occupied, struct cursor *c, struct span bytes, uint64_t *last)
{
	static const uint32_t WIDE = 0xffffffff;
	struct record record;
	if (!next_record(c, &record) || record.size == WIDE || record.offset == WIDE)
		return NOT_THIS;
	TRY(take_header(occupied, record.at, RECORD + record.name, record.extra));
	return take_local(occupied, bytes, record.offset, record.size + (record.flags & FLAG_DESCRIPTOR ? DESCRIPTOR_MOST : 0),
			  last);
}

/* What signs an Android package lies before the directory, and says so at its end. */
static bool is_signing_block(struct span gap)
{
	return gap.size <= SIGNING_MOST && span_ends(gap, SPAN_LITERAL("APK Sig Block 42"));
}

enum outcome zip_list_unused(struct span bytes, uint64_t directory, uint64_t end, struct listing *out)
{
	struct occupied occupied = { .arena = out->arena };
	struct cursor c = cursor_over(bytes);
	uint64_t last = 0;
	enum outcome outcome;
	cursor_seek(&c, directory);
	do
		outcome = take_next(&occupied, &c, bytes, &last);
	while (outcome == DONE);
	if (outcome != NOT_THIS)
		return outcome;
	if (last < directory && is_signing_block(span_slice(bytes, last, directory - last)))
		TRY(occupied_add(&occupied, last, directory - last));
	if (occupied.count == 0)
		return DONE;
	TRY(occupied_add(&occupied, end, END_RECORD));
	return occupied_list_unused(&occupied, 0, bytes.size, GAP_LEAST, out);
}
