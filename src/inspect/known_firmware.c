/*
 * Firmware that a driver of Linux loads into a wireless chip, where the format says how far it reaches: MediaTek's
 * (drivers/net/wireless/mediatek/mt76: mt76x02_fw_header, mt7603_fw_trailer) and Ralink's (rt2x00: rt2800_check_firmware).
 */
#include "inspect/known.h"

#include "base/cursor.h"
#include "inspect/lines.h"

enum { DATE_DIGITS = 12 };

/* A date and a time of day: a year of this century, and digits to the minute. */
static bool is_date(struct span text)
{
	for (size_t i = 0; i < DATE_DIGITS; i++)
		if (!is_digit(span_byte(text, i)))
			return false;
	return span_starts_text(text, "20");
}

/* A header with the sizes of code and data, which follow it to the end. */
static bool is_mt76x2(struct span bytes)
{
	enum { HEADER_SIZE = 32, TIME_AT = 16 };
	struct cursor c = cursor_over(bytes);
	uint64_t code = cursor_u32(&c), data = cursor_u32(&c);
	return cursor_ok(&c) && code > 0 && HEADER_SIZE + code + data == bytes.size && is_date(span_from(bytes, TIME_AT));
}

/* A trailer that ends with the date and the size of what stands before it, less a checksum. */
static bool is_mt7603(struct span bytes)
{
	enum { TRAILER_SIZE = 36, DATE_FROM_END = 19, CHECKSUM_SIZE = 4 };
	if (bytes.size <= TRAILER_SIZE + CHECKSUM_SIZE)
		return false;
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, bytes.size - 4);
	return (uint64_t)cursor_u32(&c) + CHECKSUM_SIZE + TRAILER_SIZE == bytes.size &&
	       is_date(span_from(bytes, bytes.size - DATE_FROM_END));
}

/* CRC-16 of ITU-T V.41 as Linux has it (crc_ccitt), over all but itself. */
static bool is_ralink(struct span bytes)
{
	if (bytes.size != 4096 && bytes.size != 8192)
		return false;
	uint16_t sum = 0xffff;
	for (size_t i = 0; i < bytes.size - 2; i++) {
		sum ^= span_byte(bytes, i);
		for (int bit = 0; bit < 8; bit++)
			sum = (uint16_t)(sum & 1 ? sum >> 1 ^ 0x8408 : sum >> 1);
	}
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, bytes.size - 2);
	return cursor_u16(&c) == sum;
}

uint64_t known_end_of_wireless(struct span bytes)
{
	return is_mt76x2(bytes) || is_mt7603(bytes) || is_ralink(bytes) ? bytes.size : 0;
}
