/*
 * bzImage: Linux for x86, a setup part and the compressed kernel. Layout: Linux,
 * Documentation/arch/x86/boot.rst.
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum {
	FIELDS_AT = 0x1F1,
	SECTOR = 512,
	PARAGRAPH = 16,
	VERSION_WITH_PAYLOAD = 0x208,
	TEXT_MAX = 200,
};

struct header {
	uint16_t protocol;
	uint64_t setup_size; /* bytes before the protected-mode part */
	uint64_t size;       /* of the whole image */
	uint64_t payload, payload_size;
	struct span version; /* "5.10.0 (user@host) …" */
};

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, FIELDS_AT);
	uint32_t setup_sectors = cursor_u8(&c);
	cursor_skip(&c, 2);
	uint32_t paragraphs = cursor_u32le(&c);
	cursor_skip(&c, 6);
	uint16_t boot_flag = cursor_u16le(&c);
	cursor_seek(&c, 0x202);
	struct span magic = cursor_take(&c, 4);
	out->protocol = cursor_u16le(&c);
	cursor_seek(&c, 0x20E);
	uint32_t version_at = cursor_u16le(&c);
	cursor_seek(&c, 0x248);
	uint32_t payload = cursor_u32le(&c);
	out->payload_size = cursor_u32le(&c);
	if (!cursor_ok(&c) || boot_flag != 0xAA55 || !span_equal_text(magic, "HdrS") ||
	    out->protocol < 0x200 ||
	    out->protocol > 0x2FF || paragraphs == 0)
		return false;
	out->setup_size = ((uint64_t)(setup_sectors ? setup_sectors : 4) + 1) * SECTOR;
	out->size = out->setup_size + (uint64_t)paragraphs * PARAGRAPH;
	out->payload = out->setup_size + payload;
	if (out->protocol < VERSION_WITH_PAYLOAD || payload == 0 || out->payload >= out->size) {
		out->payload = out->setup_size;
		out->payload_size = out->size - out->setup_size;
	}
	out->version = SPAN_NONE;
	if (version_at)
		out->version = field_text(span_slice(bytes, (uint64_t)version_at + SECTOR, TEXT_MAX));
	return true;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	struct span word;
	if (!read_header(bytes, &header))
		return NOT_THIS;
	struct span rest = header.version;
	out->size = span_slice(bytes, 0, header.size).size;
	out->bits = 56;
	out->label = span_next_word(&rest, &word) ? word : SPAN_NONE;
	out->detail = arena_format(arena, "x86 boot protocol %u.%02u, %.*s", header.protocol >> 8,
				   header.protocol & 0xFF, SPAN_FORMAT(header.version));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	TRY(listing_add_part(out, volume->bytes, "payload", header.payload, header.payload_size));
	if (volume->bytes.size >= header.size)
		return DONE;
	notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "bzimage.cut-short", volume->bytes.size,
			 header.size - volume->bytes.size, "%zu of %llu bytes are there", volume->bytes.size,
			 (unsigned long long)header.size);
	return PARTIAL;
}

const struct unpacker unpacker_bzimage = {
	.name = "bzimage",
	.title = "Linux bzImage",
	.role = ROLE_KERNEL,
	.magics = { MAGIC("HdrS", 0x202) },
	.measure = measure,
	.list = list,
};
