/*
 * Xiaomi's router images (HDR1): a CRC, the offset of a signature, and up to eight
 * files or flash partitions, each with a header of its own. Layout: what images show,
 * and the Xiaomi pages of the OpenWrt wiki.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 48, OFFSETS = 8, BLOB_HEADER = 48, BLOB_MAGIC = 0xBABE, CHECKED_FROM = 12 };

struct blob {
	uint32_t flash, size;
	uint16_t partition;
	struct span name;
};

struct header {
	uint32_t signature, crc;
	uint32_t offsets[OFFSETS];
	size_t count;
};

static bool read_blob(struct span bytes, uint32_t at, struct blob *out)
{
	struct cursor c = cursor_over(span_from(bytes, at));
	uint32_t magic = cursor_u32le(&c);
	out->flash = cursor_u32le(&c);
	out->size = cursor_u32le(&c);
	out->partition = cursor_u16le(&c);
	cursor_skip(&c, 2);
	out->name = field_text(cursor_take(&c, 32));
	return cursor_ok(&c) && magic == BLOB_MAGIC && out->name.size > 0;
}

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	struct blob blob;
	cursor_skip(&c, 4);
	out->signature = cursor_u32le(&c);
	out->crc = cursor_u32le(&c);
	cursor_skip(&c, 4);
	out->count = 0;
	for (int i = 0; i < OFFSETS; i++) {
		uint32_t offset = cursor_u32le(&c);
		if (offset == 0)
			continue;
		if (offset < HEADER_SIZE || !read_blob(bytes, offset, &blob))
			return false;
		out->offsets[out->count++] = offset;
	}
	return cursor_ok(&c) && out->count > 0;
}

/* The signature block: its size, twelve bytes of filler, the signature. */
static uint64_t signature_end(struct span bytes, const struct header *header)
{
	struct cursor c = cursor_over(span_from(bytes, header->signature));
	uint32_t size = cursor_u32le(&c);
	return header->signature ? (uint64_t)header->signature + 16 + size : 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	struct blob blob;
	if (!read_header(bytes, &header))
		return NOT_THIS;
	uint64_t end = signature_end(bytes, &header);
	for (size_t i = 0; i < header.count; i++)
		if (read_blob(bytes, header.offsets[i], &blob) &&
		    (uint64_t)header.offsets[i] + BLOB_HEADER + blob.size > end)
			end = (uint64_t)header.offsets[i] + BLOB_HEADER + blob.size;
	struct span image = span_slice(bytes, 0, end);
	bool intact = image.size == end && ~digest_crc32(0, span_from(image, CHECKED_FROM)) == header.crc;
	out->size = image.size;
	out->bits = (uint32_t)(32 + 32 * header.count) + (intact ? 32 : 0);
	out->detail = arena_format(arena, "%zu files, %s%s", header.count,
				   header.signature ? "with a signature" : "not signed",
				   intact ? ", CRC holds" : "");
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	struct blob blob;
	bool whole = true;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	for (size_t i = 0; i < header.count; i++) {
		if (!read_blob(volume->bytes, header.offsets[i], &blob))
			return MALFORMED;
		char *name = arena_text(volume->arena, span_basename(blob.name));
		if (!name)
			return NO_MEMORY;
		uint64_t data = (uint64_t)header.offsets[i] + BLOB_HEADER;
		whole = whole && span_covers(volume->bytes, data, blob.size);
		TRY(listing_add_part(out, volume->bytes, name, data, blob.size));
	}
	return whole ? DONE : PARTIAL;
}

const struct unpacker unpacker_xiaomi = {
	.name = "xiaomi",
	.title = "Xiaomi router image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("HDR1", 0) },
	.measure = measure,
	.list = list,
};
