/*
 * TP-Link's SafeLoader images: size, MD5, and at 0x1014 a partition table in words
 * ("fwup-ptn NAME base 0x… size 0x…"). Layout: the OpenWrt wiki on TP-Link SafeLoader.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum {
	DIGEST_AT = 4,
	CHECKED_FROM = 0x14,
	TABLE_AT = 0x1014,
	TABLE_SIZE = 0x800,
	PARTITIONS_MAX = 64,
	NAME_MAX_SIZE = 64,
};

static const uint8_t salt[MD5_SIZE] = {
	0x7A, 0x2B, 0x15, 0xED, 0x9B, 0x98, 0x59, 0x6D, 0xE5, 0x04, 0xAB, 0x44, 0xAC, 0x2A, 0x9F, 0x4E,
};

struct partition {
	struct span name;
	uint64_t offset, size;
};

/* "0x1a2b" */
static bool read_hex(struct span word, uint64_t *out)
{
	*out = 0;
	if (!span_starts_text(word, "0x") || word.size < 3 || word.size > 10)
		return false;
	for (size_t i = 2; i < word.size; i++) {
		int digit = hex_digit(span_byte(word, i));
		if (digit < 0)
			return false;
		*out = *out << 4 | (uint64_t)digit;
	}
	return true;
}

static bool next_is(struct span *line, const char *text)
{
	struct span word;
	return span_next_word(line, &word) && span_equal_text(word, text);
}

/* The next line of the table; offsets count from the table on. */
static bool next_partition(struct span *table, struct partition *out)
{
	struct span line, base, size;
	if (!span_next_line(table, &line) || !next_is(&line, "fwup-ptn") || !span_next_word(&line, &out->name) ||
	    out->name.size > NAME_MAX_SIZE || field_text(out->name).size == 0)
		return false;
	if (!next_is(&line, "base") || !span_next_word(&line, &base) || !read_hex(base, &out->offset) ||
	    !next_is(&line, "size") || !span_next_word(&line, &size) || !read_hex(size, &out->size))
		return false;
	out->offset += TABLE_AT;
	return true;
}

static bool digest_holds(struct span image)
{
	struct span parts[] = { span_of(salt, sizeof salt), span_from(image, CHECKED_FROM) };
	uint8_t digest[MD5_SIZE];
	digest_md5_parts(parts, 2, digest);
	return span_has_at(image, DIGEST_AT, span_of(digest, sizeof digest));
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	uint32_t stated = cursor_u32be(&c);
	struct span table = span_slice(bytes, TABLE_AT, TABLE_SIZE);
	struct partition partition;
	uint64_t end = 0;
	uint32_t count = 0;
	while (count < PARTITIONS_MAX && next_partition(&table, &partition)) {
		count++;
		if (partition.offset + partition.size > end)
			end = partition.offset + partition.size;
	}
	if (count == 0)
		return NOT_THIS;
	struct span image = span_slice(bytes, 0, stated);
	bool intact = stated > TABLE_AT && image.size == stated && digest_holds(image);
	out->size = intact ? stated : span_slice(bytes, 0, end).size;
	out->bits = intact ? 256 : 96;
	out->detail = arena_format(arena, "%u partitions%s", count, intact ? ", MD5 holds" : "");
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct span table = span_slice(volume->bytes, TABLE_AT, TABLE_SIZE);
	struct partition partition;
	bool whole = true;
	while (out->count < PARTITIONS_MAX && next_partition(&table, &partition)) {
		char *name = arena_text(volume->arena, partition.name);
		if (!name)
			return NO_MEMORY;
		whole = whole && span_covers(volume->bytes, partition.offset, partition.size);
		TRY(listing_add_part(out, volume->bytes, name, partition.offset, partition.size));
	}
	return whole ? DONE : PARTIAL;
}

const struct unpacker unpacker_safeloader = {
	.name = "safeloader",
	.title = "TP-Link SafeLoader image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("fwup-ptn ", TABLE_AT) },
	.measure = measure,
	.list = list,
};
