/*
 * Ubiquiti's firmware file: a header with a version, parts with a name and a checksum each, and a closing
 * checksum or signature. Layout: the structures of OpenWrt's firmware-utils (fw.h), as its wiki shows them.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum {
	VERSION_SIZE = 256,
	HEADER_SIZE = 268,
	PART_HEADER_SIZE = 56,
	PART_NAME_SIZE = 16,
	CHECK_SIZE = 8, /* a CRC-32 and four bytes of filler */
	SIGNATURE_SIZE = 4 + 256 + 4,
	PARTS_MAX = 32,
};

struct part {
	struct span name;
	uint64_t offset; /* of the content */
	uint32_t size;
	uint32_t address, room; /* where it goes in the flash, and how much of that is set aside for it */
	bool intact;
};

static bool read_part(struct span bytes, uint64_t at, struct part *out)
{
	struct span here = span_from(bytes, at);
	struct cursor c = cursor_over(here);
	struct span magic = cursor_take(&c, 4);
	out->name = field_text(cursor_take(&c, PART_NAME_SIZE));
	cursor_skip(&c, 12 + 8); /* filler; memory address, index */
	out->address = cursor_u32be(&c);
	cursor_skip(&c, 4); /* entry address */
	out->size = cursor_u32be(&c);
	out->room = cursor_u32be(&c);
	out->offset = at + PART_HEADER_SIZE;
	if (!cursor_ok(&c) || !(span_equal_text(magic, "PART") || span_equal_text(magic, "EXEC")) ||
	    out->name.size == 0)
		return false;
	uint64_t checked = PART_HEADER_SIZE + (uint64_t)out->size;
	struct cursor check = cursor_over(span_slice(here, checked, 4));
	uint32_t wanted = cursor_u32be(&check);
	out->intact = cursor_ok(&check) && digest_crc32(0, span_slice(here, 0, checked)) == wanted;
	return true;
}

/* Where the parts end and whether all of them are sound. */
struct parts {
	struct part all[PARTS_MAX];
	size_t count;
	uint64_t end;
	bool intact, has_signature;
};

static void read_parts(struct span bytes, struct parts *out)
{
	*out = (struct parts){ .end = HEADER_SIZE, .intact = true };
	while (out->count < PARTS_MAX && read_part(bytes, out->end, &out->all[out->count])) {
		const struct part *part = &out->all[out->count++];
		out->intact = out->intact && part->intact;
		out->end = part->offset + part->size + CHECK_SIZE;
	}
	out->has_signature = span_has_at(bytes, out->end, SPAN_LITERAL("ENDS"));
	if (out->has_signature)
		out->end += SIGNATURE_SIZE;
	else if (span_has_at(bytes, out->end, SPAN_LITERAL("END.")))
		out->end += 4 + CHECK_SIZE;
	else
		out->intact = false;
}

/*
 * OpenWrt cuts one image at the borders of the flash's partitions: each part fills its own and the next one follows it, so
 * that the kernel of the first goes on in the second.
 */
static bool are_one_image(const struct parts *parts)
{
	for (size_t i = 0; i + 1 < parts->count; i++) {
		const struct part *part = &parts->all[i], *next = &parts->all[i + 1];
		if (part->size == 0 || part->size != part->room || next->address != part->address + part->size)
			return false;
	}
	return parts->count > 1;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct parts parts;
	struct cursor c = cursor_over(span_from(bytes, 4 + VERSION_SIZE));
	uint32_t wanted = cursor_u32be(&c);
	if (bytes.size < HEADER_SIZE || digest_crc32(0, span_slice(bytes, 0, 4 + VERSION_SIZE)) != wanted)
		return NOT_THIS;
	read_parts(bytes, &parts);
	out->size = span_slice(bytes, 0, parts.end).size;
	out->bits = parts.intact ? 128 : 64;
	out->label = field_text(span_slice(bytes, 4, VERSION_SIZE));
	out->detail = arena_format(arena, "%zu parts, %s%s", parts.count,
				   parts.has_signature ? "with a signature" : "not signed",
				   parts.intact ? "" : ", damaged or cut short");
	out->names.version = out->label;
	return out->detail.data ? DONE : NO_MEMORY;
}

/* The parts put together, as they lie in the flash. */
static enum outcome list_joined(struct volume *volume, const struct parts *parts, struct listing *out)
{
	struct entry *entry;
	TRY(listing_add(out, &entry));
	*entry = (struct entry){ .type = ENTRY_PART, .path = SPAN_LITERAL("flash"), .offset = HEADER_SIZE };
	for (size_t i = 0; i < parts->count; i++)
		entry->size += span_slice(volume->bytes, parts->all[i].offset, parts->all[i].size).size;
	return DONE;
}

static enum outcome read(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	struct parts parts;
	uint64_t before = out->size;
	read_parts(reader->volume->bytes, &parts);
	for (size_t i = 0; i < parts.count; i++)
		TRY(buffer_append(out, span_slice(reader->volume->bytes, parts.all[i].offset, parts.all[i].size)));
	return out->size - before == entry->size ? DONE : PARTIAL;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct parts parts;
	read_parts(volume->bytes, &parts);
	bool joined = are_one_image(&parts);
	if (joined)
		TRY(list_joined(volume, &parts, out));
	for (size_t i = 0; i < parts.count; i++) {
		const struct part *part = &parts.all[i];
		struct span name = arena_format(volume->arena, "%.*s", SPAN_FORMAT(part->name));
		if (!name.data)
			return NO_MEMORY;
		if (!part->intact)
			notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "ubiquiti.bad-checksum", part->offset,
					 part->size, "the part %.*s does not have the checksum that follows it",
					 SPAN_FORMAT(part->name));
		if (!joined)
			TRY(listing_add_part(out, volume->bytes, (const char *)name.data, part->offset, part->size));
	}
	return parts.intact ? DONE : PARTIAL;
}

const struct unpacker unpacker_ubiquiti = {
	.name = "ubiquiti",
	.title = "Ubiquiti firmware image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("UBNT", 0), MAGIC("GEOS", 0), MAGIC("OPEN", 0) },
	.measure = measure,
	.list = list,
	.read = read,
};
