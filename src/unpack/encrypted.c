/*
 * Images that makers encrypt. They are told by their headers and not read: saying
 * "encrypted by this maker's scheme" is worth more than "unknown bytes". Layouts: what
 * images show.
 */
#include "base/cursor.h"
#include "unpack/unpacker.h"

enum { SHRS_HEADER = 0x6DC, SALTED_HEADER = 16, CIPHER_BLOCK = 16 };

static enum outcome list(struct volume *volume, struct listing *out)
{
	(void)out;
	notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_ENCRYPTED, "encrypted.image", 0, volume->bytes.size,
			 "%s: encrypted, so not read", volume->unpacker->title);
	return UNSUPPORTED;
}

/* D-Link: magic, sizes of the plain and of the encrypted content, initial vector, digests, signatures. */
static enum outcome shrs_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	cursor_skip(&c, 4);
	uint32_t first = cursor_u32(&c), second = cursor_u32(&c);
	uint32_t plain = first < second ? first : second, content = first < second ? second : first;
	(void)arena;
	if (!cursor_ok(&c) || plain == 0 || content % CIPHER_BLOCK != 0 ||
	    content - plain >= 2 * CIPHER_BLOCK ||
	    !span_covers(bytes, SHRS_HEADER, content))
		return NOT_THIS;
	out->size = SHRS_HEADER + (uint64_t)content;
	out->bits = 64;
	out->detail = SPAN_LITERAL("SHRS, AES-128, signed");
	return DONE;
}

/* D-Link: magic, size of the content. */
static enum outcome image_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 12);
	uint32_t size = cursor_u32be(&c);
	(void)arena;
	if (!cursor_ok(&c) || size == 0 || !span_covers(bytes, c.at, size))
		return NOT_THIS;
	out->size = c.at + (uint64_t)size;
	out->bits = 96;
	return DONE;
}

/* What "openssl enc" writes: magic, salt, whole cipher blocks. */
static enum outcome salted_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	(void)arena;
	if (bytes.size <= SALTED_HEADER || bytes.size % 8 != 0)
		return NOT_THIS;
	out->size = bytes.size;
	out->bits = 64;
	return DONE;
}

const struct unpacker unpacker_dlink_shrs = {
	.name = "dlink-shrs",
	.title = "D-Link encrypted image",
	.role = ROLE_PACKAGE,
	.encrypted = true,
	.magics = { MAGIC("SHRS", 0) },
	.measure = shrs_measure,
	.list = list,
};

const struct unpacker unpacker_dlink_encrypted = {
	.name = "dlink-encrypted",
	.title = "D-Link encrypted image",
	.role = ROLE_PACKAGE,
	.encrypted = true,
	.magics = { MAGIC("encrpted_img", 0) },
	.measure = image_measure,
	.list = list,
};

const struct unpacker unpacker_openssl_encrypted = {
	.name = "openssl-encrypted",
	.title = "File encrypted with openssl enc",
	.role = ROLE_PACKAGE,
	.encrypted = true,
	.magics = { MAGIC("Salted__", 0) },
	.at_start_only = true,
	.measure = salted_measure,
	.list = list,
};
