/*
 * WRGG: D-Link's older router images, a 160-byte header with an MD5. Layout: the OpenWrt wiki on D-Link
 * images.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 160, DIGESTED_AT = 108, DEVICE_SIZE = 32 };

struct header {
	struct span signature, version, model, digest;
	uint32_t size;
	uint64_t digested; /* bytes that were gone over */
};

/* The digest is of the offset, the device's name and the data. */
static bool digest_holds(struct span bytes, const struct header *header)
{
	struct span parts[] = {
		span_slice(bytes, DIGESTED_AT, 4 + DEVICE_SIZE),
		span_slice(bytes, HEADER_SIZE, header->size),
	};
	uint8_t digest[MD5_SIZE];
	digest_md5_parts(parts, 2, digest);
	return span_equal(header->digest, span_of(digest, sizeof digest));
}

/* The sizes are in the device's byte order; the digest tells which. */
static bool read_header(struct span bytes, bool big_endian, struct header *out)
{
	struct cursor c = cursor_over_order(bytes, big_endian);
	out->signature = field_text(cursor_take(&c, 32));
	cursor_skip(&c, 8);
	out->version = field_text(cursor_take(&c, 16));
	out->model = field_text(cursor_take(&c, 16));
	cursor_skip(&c, 32);
	out->size = cursor_u32(&c);
	cursor_skip(&c, 4 + DEVICE_SIZE);
	out->digest = cursor_take(&c, MD5_SIZE);
	if (!cursor_ok(&c) || out->size == 0 || out->size > cursor_left(&c) || out->signature.size == 0)
		return false;
	out->digested += out->size;
	return digest_holds(bytes, out);
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header = { 0 };
	if (!read_header(bytes, true, &header) && !read_header(bytes, false, &header)) {
		out->effort = header.digested;
		return NOT_THIS;
	}
	out->size = HEADER_SIZE + (uint64_t)header.size;
	out->bits = 160;
	out->label = header.signature;
	out->names = (struct device_names){ .board = header.signature, .model = header.model, .version = header.version };
	out->detail = arena_format(arena, "model %.*s, version %.*s, MD5 holds", SPAN_FORMAT(header.model),
				   SPAN_FORMAT(header.version));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	return listing_add_part(out, volume->bytes, "image", HEADER_SIZE, UINT64_MAX);
}

const struct unpacker unpacker_wrgg = {
	.name = "wrgg",
	.title = "WRGG image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("\x20\x04\x02\x20", 32), MAGIC("\x20\x02\x04\x20", 32),
		    MAGIC("\x20\x08\x03\x21", 32),
		    MAGIC("\x21\x03\x08\x20", 32) },
	.measure = measure,
	.list = list,
};
