/*
 * Ingenic's boot loader stage for SPI flash: a marker that the boot ROM looks for, the
 * stage's length and a CRC-7 of its code. Layout: the XBurst boot ROM as Ingenic's
 * U-Boot tree builds for it (tools/ingenic-tools/spi_checksum).
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { CODE_AT = 512, SIZE_MOST = 64 * 1024 };

/* CRC-7 with the polynomial x^7 + x^3 + 1, in the upper bits of a byte. */
static uint8_t crc7(struct span bytes)
{
	uint8_t crc = 0;
	for (size_t i = 0; i < bytes.size; i++) {
		crc ^= span_byte(bytes, i);
		for (int bit = 0; bit < 8; bit++)
			crc = (uint8_t)(crc & 0x80 ? crc << 1 ^ 0x12 : crc << 1);
	}
	return crc >> 1;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 9);
	uint8_t stated = cursor_u8(&c);
	cursor_skip(&c, 2);
	uint32_t size = cursor_u32le(&c);
	if (!cursor_ok(&c) || size <= CODE_AT || size > SIZE_MOST || !span_covers(bytes, 0, size))
		return NOT_THIS;
	struct span code = span_slice(bytes, CODE_AT, size - CODE_AT);
	if (field_is_padding(code) || crc7(code) != stated)
		return NOT_THIS;
	out->size = size;
	out->bits = 79;
	out->detail = arena_format(arena, "%u bytes, checksum holds", size);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	return listing_add_part(out, volume->bytes, "spl", CODE_AT, UINT64_MAX);
}

const struct unpacker unpacker_ingenic = {
	.name = "ingenic-spl",
	.title = "Ingenic boot loader stage",
	.role = ROLE_BOOT,
	.magics = { MAGIC("\x06\x05\x04\x03\x02\x55\xAA\x55\xAA", 0) },
	.measure = measure,
	.list = list,
};
