/*
 * Partition tables of disks and eMMC: GPT (UEFI specification 2.10, chapter 5) and the
 * master boot record's four entries.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum {
	SECTOR = 512,
	MBR_TABLE = 446,
	MBR_ENTRIES = 4,
	MBR_ENTRY_SIZE = 16,
	TYPE_PROTECTIVE = 0xEE,
	GPT_HEADER_LEAST = 92,
	GPT_ENTRY_LEAST = 128,
	GPT_ENTRIES_MAX = 1024,
	GPT_NAME_UNITS = 36,
};

struct gpt {
	uint32_t sector;       /* 512 or 4096 */
	uint64_t backup;       /* the sector of the second header: the last one */
	struct span entries;
	uint32_t entry_size, count;
};

static bool read_gpt_at(struct span bytes, uint32_t sector, struct gpt *out)
{
	static const uint8_t zeros[4];
	struct cursor c = cursor_over(span_slice(bytes, sector, sector));
	struct span whole = c.span;
	struct span magic = cursor_take(&c, 8);
	cursor_skip(&c, 4);
	uint32_t size = cursor_u32le(&c), crc = cursor_u32le(&c);
	cursor_skip(&c, 12);
	out->backup = cursor_u64le(&c);
	cursor_skip(&c, 32);
	uint64_t first = cursor_u64le(&c);
	out->count = cursor_u32le(&c);
	out->entry_size = cursor_u32le(&c);
	out->sector = sector;
	if (!cursor_ok(&c) || !span_equal_text(magic, "EFI PART") || size < GPT_HEADER_LEAST ||
	    size > sector ||
	    out->count > GPT_ENTRIES_MAX || out->entry_size < GPT_ENTRY_LEAST || out->entry_size > 4096 ||
	    first > bytes.size / sector || out->backup > UINT64_MAX / sector - 1)
		return false;
	uint32_t sum = digest_crc32(0, span_slice(whole, 0, 16));
	sum = digest_crc32(sum, span_of(zeros, 4));
	out->entries = span_slice(bytes, first * sector, (uint64_t)out->count * out->entry_size);
	return digest_crc32(sum, span_slice(whole, 20, size - 20)) == crc;
}

static bool read_gpt(struct span bytes, struct gpt *out)
{
	return read_gpt_at(bytes, SECTOR, out) || read_gpt_at(bytes, 4096, out);
}

/* UTF-16 in which device makers write ASCII; other letters become '?'. */
static struct span gpt_name(struct cursor *c, struct arena *arena)
{
	char text[GPT_NAME_UNITS + 1] = { 0 };
	size_t size = 0;
	for (size_t i = 0; i < GPT_NAME_UNITS; i++) {
		uint16_t unit = cursor_u16le(c);
		if (unit == 0)
			break;
		text[size++] = unit > ' ' && unit < 0x7F && unit != '/' ? (char)unit : '?';
	}
	return size ? arena_copy(arena, span_of(text, size)) : SPAN_NONE;
}

static enum outcome gpt_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct gpt gpt;
	if (!read_gpt(bytes, &gpt))
		return NOT_THIS;
	out->size = span_slice(bytes, 0, (gpt.backup + 1) * gpt.sector).size;
	out->bits = 128;
	out->detail = arena_format(arena, "GPT, sectors of %u bytes, checksum holds", gpt.sector);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome gpt_list(struct volume *volume, struct listing *out)
{
	struct gpt gpt;
	bool whole = true;
	if (!read_gpt(volume->bytes, &gpt))
		return MALFORMED;
	for (uint32_t i = 0; i < gpt.count; i++) {
		struct cursor c = cursor_over(span_slice(gpt.entries, (uint64_t)i * gpt.entry_size,
							 gpt.entry_size));
		struct span type = cursor_take(&c, 16);
		cursor_skip(&c, 16);
		uint64_t first = cursor_u64le(&c), last = cursor_u64le(&c);
		cursor_skip(&c, 8);
		struct span name = gpt_name(&c, volume->arena);
		if (!cursor_ok(&c) || field_is_filled(type, 0))
			continue;
		if (first > last || last > UINT64_MAX / gpt.sector - 1 ||
		    first * gpt.sector >= volume->bytes.size) {
			whole = false;
			continue;
		}
		if (!name.data)
			name = arena_format(volume->arena, "partition-%u", i + 1);
		uint64_t size = (last - first + 1) * gpt.sector;
		whole = whole && span_covers(volume->bytes, first * gpt.sector, size);
		TRY(name.data ? listing_add_part(out, volume->bytes, (const char *)name.data,
						 first * gpt.sector, size)
			      : NO_MEMORY);
	}
	return whole ? DONE : PARTIAL;
}

struct mbr_entry {
	uint8_t status, type;
	uint64_t offset, size;
};

static void read_mbr_entry(struct span bytes, int index, struct mbr_entry *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, (uint64_t)(MBR_TABLE + index * MBR_ENTRY_SIZE));
	out->status = cursor_u8(&c);
	cursor_skip(&c, 3);
	out->type = cursor_u8(&c);
	cursor_skip(&c, 3);
	out->offset = (uint64_t)cursor_u32le(&c) * SECTOR;
	out->size = (uint64_t)cursor_u32le(&c) * SECTOR;
}

/* Every entry must be empty or sane, and none may overlap an earlier one. */
static uint32_t count_mbr(struct span bytes, uint64_t *end)
{
	struct mbr_entry entry;
	uint32_t count = 0;
	*end = SECTOR;
	for (int i = 0; i < MBR_ENTRIES; i++) {
		read_mbr_entry(bytes, i, &entry);
		if (entry.type == 0 && entry.offset == 0 && entry.size == 0 && entry.status == 0)
			continue;
		if ((entry.status & 0x7F) || entry.type == 0 || entry.type == TYPE_PROTECTIVE ||
		    entry.size == 0 ||
		    entry.offset < *end || entry.offset >= bytes.size)
			return 0;
		*end = entry.offset + entry.size;
		count++;
	}
	return count;
}

static enum outcome mbr_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	uint64_t end;
	uint32_t count = count_mbr(bytes, &end);
	/* A table that reaches far past the end belongs to another disk, or is none. */
	if (count == 0 || end / 2 > bytes.size)
		return NOT_THIS;
	out->size = span_slice(bytes, 0, end).size;
	out->bits = 16 + 16 * count;
	out->detail = arena_format(arena, "%u partitions", count);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome mbr_list(struct volume *volume, struct listing *out)
{
	bool whole = true;
	for (int i = 0; i < MBR_ENTRIES; i++) {
		struct mbr_entry entry;
		read_mbr_entry(volume->bytes, i, &entry);
		if (entry.type == 0)
			continue;
		struct span name = arena_format(volume->arena, "partition-%d", i + 1);
		if (!name.data)
			return NO_MEMORY;
		whole = whole && span_covers(volume->bytes, entry.offset, entry.size);
		TRY(listing_add_part(out, volume->bytes, (const char *)name.data, entry.offset, entry.size));
	}
	return whole ? DONE : PARTIAL;
}

const struct unpacker unpacker_gpt = {
	.name = "gpt",
	.title = "GPT partition table",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("EFI PART\0\0\1\0", SECTOR), MAGIC("EFI PART\0\0\1\0", 4096) },
	.measure = gpt_measure,
	.list = gpt_list,
};

const struct unpacker unpacker_mbr = {
	.name = "mbr",
	.title = "Partition table",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("\x55\xAA", SECTOR - 2) },
	.at_start_only = true,
	.measure = mbr_measure,
	.list = mbr_list,
};
