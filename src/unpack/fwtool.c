/*
 * The metadata that OpenWrt appends to sysupgrade images: eight bytes of zero, JSON, a
 * trailer. Layout: OpenWrt's fwtool.
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 8, TRAILER_SIZE = 16, TEXT_MAX = 64 * 1024, TYPE_METADATA = 1 };

/* Size of the JSON text; 0 where no trailer accounts for exactly these bytes. */
static size_t text_size(struct span bytes)
{
	struct span near = span_slice(bytes, 0, TEXT_MAX);
	size_t at = HEADER_SIZE;
	if (!field_is_filled(span_slice(bytes, 0, HEADER_SIZE), 0) || span_byte(bytes, HEADER_SIZE) != '{')
		return 0;
	while ((at = span_find_text(near, "FWx0", at)) != SPAN_NOT_FOUND) {
		struct cursor c = cursor_over(span_from(bytes, at));
		cursor_skip(&c, 8);
		uint8_t type = cursor_u8(&c);
		cursor_skip(&c, 3);
		uint32_t size = cursor_u32be(&c);
		if (cursor_ok(&c) && type == TYPE_METADATA && size == at + TRAILER_SIZE)
			return at - HEADER_SIZE;
		at++;
	}
	return 0;
}

/* The first text value of a key; the empty span where there is none. */
static struct span find_value(struct span json, const char *key, const char *before)
{
	size_t at = span_find_text(json, key, 0);
	if (at == SPAN_NOT_FOUND)
		return SPAN_NONE;
	struct span rest = span_trim(span_from(json, at + strlen(key)));
	while (rest.size > 0 && span_find_byte(span_of_text(before), span_byte(rest, 0), 0) != SPAN_NOT_FOUND)
		rest = span_from(rest, 1);
	size_t end = span_find_byte(rest, '"', 0);
	return end == SPAN_NOT_FOUND ? SPAN_NONE : field_text(span_slice(rest, 0, end));
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	size_t size = text_size(bytes);
	struct span json = span_slice(bytes, HEADER_SIZE, size);
	if (size == 0)
		return NOT_THIS;
	struct span device = find_value(json, "\"supported_devices\"", ": [\"\t\r\n");
	struct span maker = find_value(json, "\"dist\"", ": \"");
	struct span version = find_value(json, "\"version\": \"", "");
	out->size = HEADER_SIZE + size + TRAILER_SIZE;
	out->bits = 128;
	out->label = device;
	out->names.board = device;
	out->detail = arena_format(arena, "%.*s %.*s for %.*s", SPAN_FORMAT(maker), SPAN_FORMAT(version),
				   SPAN_FORMAT(device));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	return listing_add_part(out, volume->bytes, "metadata.json", HEADER_SIZE, text_size(volume->bytes));
}

/* Where the first key of the JSON stands. */
#define KEY(text) MAGIC(text, HEADER_SIZE + 1), MAGIC(text, HEADER_SIZE + 2), MAGIC(text, HEADER_SIZE + 3)

const struct unpacker unpacker_fwtool = {
	.name = "fwtool",
	.title = "OpenWrt image metadata",
	.role = ROLE_PACKAGE,
	.magics = { KEY("\"metadata_version\""), KEY("\"supported_devices\"") },
	.measure = measure,
	.list = list,
};
