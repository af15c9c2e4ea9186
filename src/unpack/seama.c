/*
 * Seama, of D-Link and Alpha Networks: a seal of "name=value" texts, then entities,
 * each with texts, an MD5 and an image; all big-endian. Layout: the OpenWrt wiki on Seama.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { ENTITIES_MAX = 32, TEXTS_MAX = 4096 };

static const uint32_t magic_word = 0x5EA3A417;

struct entity {
	struct span texts;
	struct span digest;
	uint64_t data, size; /* from the header's first byte; size 0: a seal */
};

static bool read_entity(struct span bytes, struct entity *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	if (cursor_u32(&c) != magic_word)
		return false;
	cursor_skip(&c, 2);
	uint16_t texts = cursor_u16(&c);
	out->size = cursor_u32(&c);
	out->digest = out->size ? cursor_take(&c, MD5_SIZE) : SPAN_NONE;
	out->texts = cursor_take(&c, texts);
	out->data = c.at;
	return cursor_ok(&c) && texts <= TEXTS_MAX && out->size <= cursor_left(&c);
}

static struct span find_text(struct span texts, const char *name)
{
	struct span text;
	while (span_next_field(&texts, 0, &text))
		if (span_starts_text(text, name))
			return field_text(span_from(text, strlen(name)));
	return SPAN_NONE;
}

static bool intact(struct span bytes, const struct entity *entity)
{
	uint8_t digest[MD5_SIZE];
	digest_md5(span_slice(bytes, entity->data, entity->size), digest);
	return span_equal(entity->digest, span_of(digest, sizeof digest));
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct entity entity;
	uint32_t images = 0, sound = 0;
	struct span signature = SPAN_NONE;
	for (uint32_t i = 0; i < ENTITIES_MAX && read_entity(span_from(bytes, out->size), &entity); i++) {
		if (entity.size == 0)
			signature = find_text(entity.texts, "signature=");
		else
			images++;
		if (entity.size > 0 && intact(span_from(bytes, out->size), &entity))
			sound++;
		out->size += entity.data + entity.size;
	}
	out->effort = out->size;
	if (images == 0 || (sound == 0 && signature.size == 0))
		return NOT_THIS;
	out->bits = 32 + 16 + 128 * sound;
	out->label = signature;
	out->names.board = signature;
	out->detail = arena_format(arena, "%u images, MD5 holds for %u", images, sound);
	return out->detail.data ? DONE : NO_MEMORY;
}

/* Says where an image is not as its header states it; false then. */
static bool check_image(const struct volume *volume, uint64_t at, const struct entity *entity)
{
	if (intact(span_from(volume->bytes, at), entity))
		return true;
	if (field_is_left_out(entity->digest)) {
		notes_add(volume->notes, NOTE_INFO, "seama.no-digest", at, "the header of an image states no MD5");
		return true;
	}
	notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "seama.bad-digest", at, entity->size,
			 "an image does not have the MD5 that its header states");
	return false;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct entity entity;
	uint64_t at = 0;
	bool sound = true;
	while (out->count < ENTITIES_MAX && read_entity(span_from(volume->bytes, at), &entity)) {
		struct span type = find_text(entity.texts, "type=");
		char *name = type.size ? arena_text(volume->arena, type) : NULL;
		if (entity.size > 0) {
			sound &= check_image(volume, at, &entity);
			TRY(listing_add_part(out, volume->bytes, name ? name : "image", at + entity.data,
					     entity.size));
		}
		at += entity.data + entity.size;
	}
	return sound ? DONE : PARTIAL;
}

const struct unpacker unpacker_seama = {
	.name = "seama",
	.title = "Seama image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("\x5E\xA3\xA4\x17", 0) },
	.measure = measure,
	.list = list,
};
