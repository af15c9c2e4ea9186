/*
 * UBI in a raw dump of NAND flash, where each page is followed by its spare bytes. The distance between the
 * headers of erase blocks tells how many those are: without them it would be a power of two. Layout of the
 * headers: Linux, drivers/mtd/ubi/ubi-media.h. The one entry is the dump without the spare bytes; errors
 * that the flash's own code could correct stay.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/unpacker.h"

enum {
	HEADER_SIZE = 64,
	CHECKED_SIZE = 60,
	PAGE_LEAST = 512,
	PAGE_MOST = 16384,
	PAGES_LEAST = 32, /* in an erase block */
	PAGES_MOST = 512,
	SPARE_SHARE_LEAST = 64, /* spare bytes are at least a 64th and less than a quarter of the page */
	SPARE_SHARE_MOST = 4,
};

struct geometry {
	uint32_t page, spare;
	uint64_t block; /* an erase block with its spare bytes */
};

/* UBI's checksums leave out the last step of CRC-32, the complement. */
static bool header_holds(struct span bytes, uint64_t at, const char *magic)
{
	struct span header = span_slice(bytes, at, HEADER_SIZE);
	struct cursor c = cursor_over(span_from(header, CHECKED_SIZE));
	uint32_t wanted = cursor_u32be(&c);
	return span_starts_text(header, magic) && header.size == HEADER_SIZE &&
	       (uint32_t)~digest_crc32(0, span_slice(header, 0, CHECKED_SIZE)) == wanted;
}

/* The next erase-block header behind the first; 0 where there is none in reach. */
static uint64_t next_block(struct span bytes)
{
	struct span reach = span_slice(bytes, 0, (uint64_t)PAGES_MOST * PAGE_MOST * 2);
	size_t at = 1;
	while ((at = span_find_text(reach, "UBI#\x01", at)) != SPAN_NOT_FOUND && !header_holds(bytes, at, "UBI#"))
		at++;
	return at == SPAN_NOT_FOUND ? 0 : at;
}

/* The page that the places of the second header and of the data speak for. */
static uint32_t page_size(uint32_t second_header, uint32_t data)
{
	bool whole_pages = data == 2 * second_header && (second_header >= 2048 || second_header == PAGE_LEAST);
	return whole_pages ? second_header : data;
}

static bool find_geometry(struct span bytes, struct geometry *out)
{
	struct cursor c = cursor_over(span_from(bytes, 16));
	uint32_t second_header = cursor_u32be(&c), data = cursor_u32be(&c);
	if (!header_holds(bytes, 0, "UBI#"))
		return false;
	out->page = page_size(second_header, data);
	out->block = next_block(bytes);
	if (out->page < PAGE_LEAST || out->page > PAGE_MOST || (out->page & (out->page - 1)) != 0 || out->block == 0)
		return false;
	for (uint64_t pages = PAGES_LEAST; pages <= PAGES_MOST; pages *= 2) {
		uint64_t stride = out->block / pages;
		if (out->block % pages != 0 || stride < out->page + out->page / SPARE_SHARE_LEAST ||
		    stride >= out->page + out->page / SPARE_SHARE_MOST)
			continue;
		out->spare = (uint32_t)(stride - out->page);
		uint64_t second = second_header / out->page * stride + second_header % out->page;
		return header_holds(bytes, second, "UBI!") || header_holds(bytes, out->block + second, "UBI!");
	}
	return false;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct geometry geometry;
	if (!find_geometry(bytes, &geometry))
		return NOT_THIS;
	out->size = bytes.size - bytes.size % (geometry.page + geometry.spare);
	out->bits = 160;
	out->detail = arena_format(arena, "pages of %u bytes, each with %u spare bytes", geometry.page, geometry.spare);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct geometry geometry;
	struct entry *entry;
	if (!find_geometry(volume->bytes, &geometry))
		return MALFORMED;
	TRY(listing_add(out, &entry));
	entry->type = ENTRY_PART;
	entry->path = SPAN_LITERAL("pages");
	entry->size = volume->bytes.size / (geometry.page + geometry.spare) * geometry.page;
	return DONE;
}

static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	struct span bytes = reader->volume->bytes;
	struct geometry geometry;
	(void)entry;
	if (!find_geometry(bytes, &geometry))
		return MALFORMED;
	for (uint64_t at = 0; at < bytes.size; at += geometry.page + geometry.spare)
		TRY(buffer_append(out, span_slice(bytes, at, geometry.page)));
	return DONE;
}

const struct unpacker unpacker_nand_spare = {
	.name = "nand-spare",
	.title = "NAND dump with spare bytes",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("UBI#\x01", 0) },
	.measure = measure,
	.list = list,
	.read = read_content,
};
