/*
 * TRX: Broadcom's image of a router, a header with up to four offsets into it.
 * Layout: Broadcom's trxhdr.h as quoted in the OpenWrt wiki; version 2 adds an offset.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/unpacker.h"

enum { OFFSETS_MAX = 4, CRC_AT = 8, CHECKED_FROM = 12 };

struct header {
	uint32_t size, crc;
	uint16_t version;
	uint32_t header_size;
	uint32_t offsets[OFFSETS_MAX]; /* ascending, without the unused */
	size_t count;
};

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 4);
	*out = (struct header){ 0 };
	out->size = cursor_u32le(&c);
	out->crc = cursor_u32le(&c);
	cursor_skip(&c, 2);
	out->version = cursor_u16le(&c);
	if (out->version < 1 || out->version > 2)
		return false;
	size_t slots = out->version == 1 ? 3 : 4;
	out->header_size = (uint32_t)(16 + slots * 4);
	for (size_t i = 0; i < slots; i++) {
		uint32_t offset = cursor_u32le(&c);
		if (offset == 0)
			continue;
		uint32_t least = out->count ? out->offsets[out->count - 1] + 1 : out->header_size;
		if (offset < least || offset >= out->size)
			return false;
		out->offsets[out->count++] = offset;
	}
	return cursor_ok(&c) && out->count > 0;
}

/* TRX leaves out the last step of CRC-32, the complement. */
static bool crc_holds(struct span bytes, const struct header *header)
{
	return span_covers(bytes, 0, header->size) &&
	       ~digest_crc32(0, span_slice(bytes, CHECKED_FROM, header->size - CHECKED_FROM)) == header->crc;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header))
		return NOT_THIS;
	bool intact = crc_holds(bytes, &header);
	out->size = header.size < bytes.size ? header.size : bytes.size;
	out->bits = intact ? 80 : 48;
	out->detail = arena_format(arena, "version %u, %zu parts%s", header.version, header.count,
				   intact ? "" : ", checksum does not hold");
	return out->detail.data ? DONE : NO_MEMORY;
}

/* Says what is not as the header states it; false where something is. */
static bool check_image(const struct volume *volume, const struct header *header)
{
	struct span bytes = volume->bytes;
	if (bytes.size < header->size)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "trx.cut-short", bytes.size,
				 header->size - bytes.size, "%zu of %u bytes are there", bytes.size, header->size);
	else if (header->crc == 0)
		notes_add(volume->notes, NOTE_INFO, "trx.no-checksum", CRC_AT, "the header states no checksum");
	else if (!crc_holds(bytes, header))
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "trx.bad-checksum", CRC_AT,
				 header->size - CHECKED_FROM,
				 "the image does not have the checksum 0x%08x that its header states", header->crc);
	else
		return true;
	return bytes.size >= header->size && header->crc == 0;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	static const char *const with_loader[] = { "loader", "kernel", "rootfs", "part-3" };
	static const char *const without_loader[] = { "kernel", "rootfs" };
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	bool sound = check_image(volume, &header);
	for (size_t i = 0; i < header.count; i++) {
		uint64_t end = i + 1 < header.count ? header.offsets[i + 1] : header.size;
		TRY(listing_add_part(out, volume->bytes, (header.count > 2 ? with_loader : without_loader)[i],
				     header.offsets[i], end - header.offsets[i]));
	}
	return sound ? DONE : PARTIAL;
}

const struct unpacker unpacker_trx = {
	.name = "trx",
	.title = "TRX firmware image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("HDR0", 0) },
	.measure = measure,
	.list = list,
};
