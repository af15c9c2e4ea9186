/*
 * Netgear's two headers. CHK ("*#$^"): big-endian sizes and sums of kernel and root
 * file system, then the board's name. DNI: 128 bytes of "key:value" lines, and a last
 * byte that makes all bytes add up to 0xFF. Layouts: the OpenWrt wiki.
 */
#include "base/cursor.h"
#include "base/effort.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { CHK_FIXED = 40, CHK_HEADER_MAX = 256, DNI_HEADER = 128 };

struct chk {
	uint32_t header_size, kernel_size, root_size, header_sum;
	uint8_t region;
	struct span version; /* six numbers */
	struct span board;
};

static bool read_chk(struct span bytes, struct chk *out)
{
	struct cursor c = cursor_over_order(bytes, true);
	cursor_skip(&c, 4);
	out->header_size = cursor_u32(&c);
	out->region = cursor_u8(&c);
	out->version = cursor_take(&c, 7);
	cursor_skip(&c, 8);
	out->kernel_size = cursor_u32(&c);
	out->root_size = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->header_sum = cursor_u32(&c);
	if (out->header_size <= CHK_FIXED || out->header_size > CHK_HEADER_MAX)
		return false;
	out->board = field_text(cursor_take(&c, out->header_size - CHK_FIXED));
	return cursor_ok(&c) && out->board.size > 0;
}

/* Two running sums, each folded into 16 bits. */
static uint32_t fold(uint32_t sum)
{
	sum = (sum & 0xFFFF) + (sum >> 16);
	return ((sum >> 16) + sum) & 0xFFFF;
}

static bool chk_sum_holds(struct span bytes, const struct chk *chk)
{
	uint32_t first = 0, second = 0;
	for (size_t i = 0; i < chk->header_size; i++) {
		first += i >= 36 && i < 40 ? 0 : span_byte(bytes, i);
		second += first;
	}
	return (fold(second) << 16 | fold(first)) == chk->header_sum;
}

static enum outcome chk_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct chk chk;
	if (!read_chk(bytes, &chk) || !chk_sum_holds(bytes, &chk))
		return NOT_THIS;
	uint64_t size = (uint64_t)chk.header_size + chk.kernel_size + chk.root_size;
	out->size = span_slice(bytes, 0, size).size;
	out->bits = 64;
	out->label = chk.board;
	out->detail = arena_format(arena, "board %.*s, version %u.%u.%u.%u, region %u",
				   SPAN_FORMAT(chk.board),
				   span_byte(chk.version, 0), span_byte(chk.version, 1),
				   span_byte(chk.version, 2), span_byte(chk.version, 3), chk.region);
	out->names.board = chk.board;
	out->names.version = arena_format(arena, "%u.%u.%u.%u", span_byte(chk.version, 0), span_byte(chk.version, 1),
					  span_byte(chk.version, 2), span_byte(chk.version, 3));
	return out->detail.data && out->names.version.data ? DONE : NO_MEMORY;
}

static enum outcome chk_list(struct volume *volume, struct listing *out)
{
	struct chk chk;
	if (!read_chk(volume->bytes, &chk))
		return MALFORMED;
	TRY(listing_add_part(out, volume->bytes, "kernel", chk.header_size, chk.kernel_size));
	uint64_t root = (uint64_t)chk.header_size + chk.kernel_size;
	if (chk.root_size > 0)
		TRY(listing_add_part(out, volume->bytes, "rootfs", root, chk.root_size));
	return volume->bytes.size < root + chk.root_size ? PARTIAL : DONE;
}

/* The value of one line of the text header; the empty span where there is none. */
static struct span dni_value(struct span header, const char *key)
{
	struct span line, rest = span_until_nul(header);
	while (span_next_line(&rest, &line))
		if (span_starts_text(line, key))
			return field_text(span_from(line, strlen(key)));
	return SPAN_NONE;
}

/* Adds all bytes up, as the boot loader does. */
static bool dni_sum_holds(struct span bytes)
{
	uint8_t sum = 0;
	for (size_t i = 0; i < bytes.size && effort_at(i); i++)
		sum = (uint8_t)(sum + span_byte(bytes, i));
	return sum == 0xFF;
}

static enum outcome dni_measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct span header = span_slice(bytes, 0, DNI_HEADER);
	struct span text = span_until_nul(header);
	struct span device = dni_value(header, "device:"), version = dni_value(header, "version:");
	if (text.size >= DNI_HEADER || header.size < DNI_HEADER || device.size == 0 || version.size == 0 ||
	    !field_is_filled(span_from(header, text.size), 0))
		return NOT_THIS;
	struct span region = dni_value(header, "region:"), hardware = dni_value(header, "hd_id:");
	bool intact = dni_sum_holds(bytes);
	out->size = bytes.size;
	out->bits = intact ? 128 : 120;
	out->label = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(device), SPAN_FORMAT(version));
	out->detail = arena_format(arena, "device %.*s, version %.*s, region %.*s, hardware %.*s%s",
				   SPAN_FORMAT(device), SPAN_FORMAT(version), SPAN_FORMAT(region),
				   SPAN_FORMAT(hardware), intact ? "" : ", sum does not hold");
	out->names.model = device;
	out->names.version = version;
	return out->label.data && out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome dni_list(struct volume *volume, struct listing *out)
{
	uint64_t size = volume->bytes.size - DNI_HEADER - 1; /* the last byte is the checksum */
	TRY(listing_add_part(out, volume->bytes, "image", DNI_HEADER, size));
	if (dni_sum_holds(volume->bytes))
		return DONE;
	notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "netgear.bad-sum", DNI_HEADER, size,
			 "the bytes of the image do not add up to what they should");
	return PARTIAL;
}

const struct unpacker unpacker_netgear_chk = {
	.name = "netgear-chk",
	.title = "Netgear CHK image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("*#$^", 0) },
	.measure = chk_measure,
	.list = chk_list,
};

const struct unpacker unpacker_netgear_dni = {
	.name = "netgear-dni",
	.title = "Netgear image with a text header",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("device:", 0) },
	.at_start_only = true,
	.measure = dni_measure,
	.list = dni_list,
};
