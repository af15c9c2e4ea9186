/*
 * Espressif: application images (segments for memory addresses, an 8-bit checksum, a
 * SHA-256) and partition tables. Layouts: ESP-IDF Programming Guide, "App Image
 * Format" and "Partition Tables".
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "base/effort.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum {
	HEADER_SIZE = 8,
	EXTENDED_SIZE = 16,
	SEGMENTS_MAX = 16,
	CHECKSUM_SEED = 0xEF,
	DESCRIPTION_SIZE = 256,
	ENTRY_SIZE = 32,
	ENTRIES_MAX = 96,
};

static const uint32_t description_magic = 0xABCD5432;

static const struct field_name chips[] = {
	{ 0, "ESP32" }, { 2, "ESP32-S2" }, { 5, "ESP32-C3" }, { 9, "ESP32-S3" }, { 12, "ESP32-C2" },
	{ 13, "ESP32-C6" }, { 16, "ESP32-H2" }, { 18, "ESP32-P4" }, { 0, NULL },
};

struct segment {
	uint32_t address, offset, size;
};

struct image {
	const char *chip; /* NULL: an ESP8266, whose header is short */
	struct segment segments[SEGMENTS_MAX];
	size_t count;
	size_t size;
	bool hashed; /* and its SHA-256 holds */
};

/* Segments are loaded into the chip's address space, which begins at 0x3C000000. */
static bool read_segments(struct cursor *c, size_t count, struct image *out)
{
	uint8_t sum = CHECKSUM_SEED;
	for (out->count = 0; out->count < count; out->count++) {
		struct segment *segment = &out->segments[out->count];
		segment->address = cursor_u32le(c);
		segment->size = cursor_u32le(c);
		segment->offset = (uint32_t)c->at;
		struct span data = cursor_take(c, segment->size);
		bool mapped = segment->address >= 0x3C000000 && segment->address < 0x61000000;
		if (!cursor_ok(c) || segment->size == 0 || segment->size % 4 != 0 ||
		    (!mapped && segment->address != 0))
			return false;
		for (size_t i = 0; i < data.size && effort_at(i); i++)
			sum ^= span_byte(data, i);
	}
	/* The checksum is the last byte before a multiple of 16. */
	cursor_skip(c, 15 - c->at % 16);
	return cursor_u8(c) == sum && cursor_ok(c);
}

static bool read_long(struct span bytes, struct image *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 1);
	uint8_t count = cursor_u8(&c);
	cursor_seek(&c, HEADER_SIZE + 4);
	out->chip = field_find(chips, cursor_u16le(&c));
	cursor_seek(&c, HEADER_SIZE + EXTENDED_SIZE - 1);
	uint8_t hashed = cursor_u8(&c);
	if (!out->chip || hashed > 1 || !read_segments(&c, count, out))
		return false;
	out->size = c.at;
	out->hashed = false;
	if (hashed) {
		uint8_t digest[SHA256_SIZE];
		digest_sha256(span_slice(bytes, 0, c.at), digest);
		out->hashed = span_equal(cursor_take(&c, SHA256_SIZE), span_of(digest, sizeof digest));
		out->size = out->hashed ? c.at : out->size;
	}
	return true;
}

static bool read_image(struct span bytes, struct image *out)
{
	uint8_t count = span_byte(bytes, 1);
	if (count == 0 || count > SEGMENTS_MAX || span_byte(bytes, 2) > 5)
		return false;
	if (read_long(bytes, out))
		return true;
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, HEADER_SIZE);
	out->chip = NULL;
	out->hashed = false;
	if (!read_segments(&c, count, out))
		return false;
	out->size = c.at;
	return true;
}

/* What an application says of itself at the start of its first segment. */
static enum outcome describe(struct span bytes, const struct image *image, struct arena *arena,
			     struct extent *out)
{
	struct cursor c = cursor_over(span_slice(bytes, image->segments[0].offset, DESCRIPTION_SIZE));
	struct span version = SPAN_NONE, name = SPAN_NONE, framework = SPAN_NONE;
	if (cursor_u32le(&c) == description_magic) {
		cursor_skip(&c, 12);
		version = field_text(cursor_take(&c, 32));
		name = field_text(cursor_take(&c, 32));
		cursor_skip(&c, 32); /* time and date of the build */
		framework = field_text(cursor_take(&c, 32));
	}
	out->label = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(name),
				  name.size && version.size ? " " : "", SPAN_FORMAT(version));
	out->detail = arena_format(arena, "%s, %zu segments, %s%s%.*s", image->chip ? image->chip : "ESP8266",
				   image->count, image->hashed ? "SHA-256 holds" : "checksum holds",
				   framework.size ? ", ESP-IDF " : "", SPAN_FORMAT(framework));
	return out->label.data && out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome image_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct image image = { 0 };
	if (!read_image(bytes, &image)) {
		for (size_t i = 0; i < image.count && i < SEGMENTS_MAX; i++)
			out->effort += image.segments[i].size;
		return NOT_THIS;
	}
	out->size = image.size;
	/* Magic and checksum are a byte each; an address that fits is worth one more. */
	out->bits = (uint32_t)(16 + 8 * image.count + (image.hashed ? 256 : 0));
	return describe(bytes, &image, arena, out);
}

static enum outcome image_list(struct volume *volume, struct listing *out)
{
	struct image image;
	if (!read_image(volume->bytes, &image))
		return MALFORMED;
	for (size_t i = 0; i < image.count; i++) {
		struct span name = arena_format(volume->arena, "segment-0x%08x", image.segments[i].address);
		if (!name.data)
			return NO_MEMORY;
		TRY(listing_add_part(out, volume->bytes, (const char *)name.data, image.segments[i].offset,
				     image.segments[i].size));
	}
	return DONE;
}

/* The entries, then an MD5 of them; *names lists their labels. */
static bool read_table(struct span bytes, struct buffer *names, uint32_t *count, uint64_t *size)
{
	struct cursor c = cursor_over(bytes);
	for (*count = 0; *count < ENTRIES_MAX; ++*count) {
		size_t at = c.at;
		uint16_t magic = cursor_u16be(&c);
		if (magic == 0xEBEB) {
			uint8_t digest[MD5_SIZE];
			cursor_seek(&c, at + MD5_SIZE);
			digest_md5(span_slice(bytes, 0, at), digest);
			*size = at + ENTRY_SIZE;
			return *count > 0 && span_equal(cursor_take(&c, MD5_SIZE), span_of(digest, MD5_SIZE));
		}
		cursor_skip(&c, 10);
		struct span label = field_text(cursor_take(&c, 16));
		cursor_skip(&c, 4);
		if (magic != 0xAA50 || !cursor_ok(&c) || label.size == 0 ||
		    buffer_append(names, SPAN_LITERAL(" ")) != DONE || buffer_append(names, label) != DONE)
			return false;
	}
	return false;
}

static enum outcome table_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct buffer names;
	uint32_t count;
	buffer_init(&names, ENTRIES_MAX * ENTRY_SIZE, NULL);
	bool held = read_table(bytes, &names, &count, &out->size);
	if (held)
		out->detail = arena_format(arena, "%u partitions:%.*s, MD5 holds", count,
					   SPAN_FORMAT(buffer_span(&names)));
	buffer_done(&names);
	if (!held)
		return NOT_THIS;
	out->bits = 160;
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome table_list(struct volume *volume, struct listing *out)
{
	(void)volume;
	(void)out;
	return DONE;
}

#define SEGMENTS(count) MAGIC("\xE9" count, 0)

const struct unpacker unpacker_esp_image = {
	.name = "esp-image",
	.title = "Espressif application image",
	.role = ROLE_PACKAGE,
	.magics = { SEGMENTS("\x01"), SEGMENTS("\x02"), SEGMENTS("\x03"), SEGMENTS("\x04"),
		    SEGMENTS("\x05"), SEGMENTS("\x06"), SEGMENTS("\x07"), SEGMENTS("\x08"),
		    SEGMENTS("\x09"), SEGMENTS("\x0A") },
	.measure = image_measure,
	.list = image_list,
};

const struct unpacker unpacker_esp_partitions = {
	.name = "esp-partitions",
	.title = "Espressif partition table",
	.role = ROLE_DATA,
	.magics = { MAGIC("\xAA\x50", 0) },
	.inspect_whole = true,
	.measure = table_measure,
	.list = table_list,
};
