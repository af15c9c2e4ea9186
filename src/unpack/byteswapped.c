/*
 * A U-Boot legacy image of which the bytes of every 16 or 32 bits stand in reverse, as programmers and
 * flash controllers of the other byte order leave them. Believed only where the header's checksum holds
 * once the bytes are put right; its one entry is the image put right, up to the end.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "base/effort.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 64 };

/* Appends the bytes of whole units in the right order; what is left over at the end stays as it is. */
static enum outcome put_right(struct span bytes, size_t unit, struct buffer *out)
{
	uint8_t *to;
	size_t whole = bytes.size - bytes.size % unit;
	TRY(buffer_extend(out, bytes.size, &to));
	if (!effort_spend(bytes.size))
		return OVER_BUDGET;
	for (size_t i = 0; i < whole; i++)
		to[i] = span_byte(bytes, i - i % unit + (unit - 1 - i % unit));
	for (size_t i = whole; i < bytes.size; i++)
		to[i] = span_byte(bytes, i);
	return DONE;
}

/* The unit, 2 or 4; 0 where the bytes are no such image. */
static size_t find_unit(struct span bytes)
{
	return span_has_at(bytes, 0, SPAN_LITERAL("\x05\x27\x56\x19"))   ? 2
	       : span_has_at(bytes, 0, SPAN_LITERAL("\x56\x19\x05\x27")) ? 4
									 : 0;
}

static enum outcome read_header(struct span bytes, size_t unit, bool *holds)
{
	struct buffer header;
	buffer_init(&header, HEADER_SIZE, NULL);
	enum outcome outcome = put_right(span_slice(bytes, 0, HEADER_SIZE), unit, &header);
	struct span right = buffer_span(&header);
	struct cursor c = cursor_over(span_from(right, 4));
	uint32_t wanted = cursor_u32be(&c);
	uint32_t crc = digest_crc32(0, span_slice(right, 0, 4));
	crc = digest_crc32(crc, SPAN_LITERAL("\0\0\0\0"));
	*holds = outcome == DONE && cursor_ok(&c) && digest_crc32(crc, span_from(right, 8)) == wanted;
	buffer_done(&header);
	return outcome;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	size_t unit = find_unit(bytes);
	bool holds = false;
	if (unit == 0 || bytes.size < HEADER_SIZE)
		return NOT_THIS;
	TRY(read_header(bytes, unit, &holds));
	if (!holds)
		return NOT_THIS;
	out->size = bytes.size;
	out->bits = 64;
	out->detail = arena_format(arena, "the bytes of every %zu bits are reversed", unit * 8);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct entry *entry;
	TRY(listing_add(out, &entry));
	entry->type = ENTRY_PART;
	entry->path = SPAN_LITERAL("image");
	entry->size = volume->bytes.size;
	notes_add(volume->notes, NOTE_INFO, "byteswapped.image", NOTE_NO_OFFSET,
		  "%.*s: it was put right before it was read", SPAN_FORMAT(volume->extent.detail));
	return DONE;
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)entry;
	return put_right(reader->volume->bytes, find_unit(reader->volume->bytes), out);
}

const struct unpacker unpacker_byteswapped = {
	.name = "byteswapped",
	.title = "U-Boot legacy image with reversed bytes",
	.role = ROLE_STREAM,
	.magics = { MAGIC("\x05\x27\x56\x19", 0), MAGIC("\x56\x19\x05\x27", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
