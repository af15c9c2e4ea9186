/*
 * U-Boot legacy image (uImage): a 64-byte big-endian header over one payload or
 * several. Layout: U-Boot, include/image.h. Some makers change the magic number
 * alone; the header's checksum still tells.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 64, NAME_SIZE = 32, MULTI_MAX = 64, TYPE_MULTI = 4, TYPE_SCRIPT = 6 };

struct header {
	uint32_t header_crc, time, size, load, entry, data_crc;
	uint8_t system, machine, type, compression;
	struct span name;
};

static const struct field_name systems[] = {
	{ 0, "no system" }, { 1, "OpenBSD" }, { 2, "NetBSD" }, { 3, "FreeBSD" }, { 4, "4.4BSD" },
	{ 5, "Linux" }, { 6, "SVR4" }, { 7, "Esix" }, { 8, "Solaris" }, { 9, "Irix" }, { 10, "SCO" },
	{ 11, "Dell" }, { 12, "NCR" }, { 13, "LynxOS" }, { 14, "VxWorks" }, { 15, "pSOS" },
	{ 16, "QNX" }, { 17, "U-Boot" }, { 18, "RTEMS" }, { 19, "ARTOS" }, { 20, "Unity" },
	{ 21, "INTEGRITY" }, { 22, "OSE" }, { 23, "Plan 9" }, { 24, "OpenRTOS" },
	{ 25, "Trusted Firmware-A" }, { 26, "OP-TEE" }, { 27, "OpenSBI" }, { 28, "EFI" }, { 0, NULL },
};

static const struct field_name machines[] = {
	{ 0, "any machine" }, { 1, "Alpha" }, { 2, "ARM" }, { 3, "x86" }, { 4, "IA-64" },
	{ 5, "MIPS" }, { 6, "MIPS64" }, { 7, "PowerPC" }, { 8, "S/390" }, { 9, "SuperH" },
	{ 10, "SPARC" }, { 11, "SPARC64" }, { 12, "M68K" }, { 13, "Nios" }, { 14, "MicroBlaze" },
	{ 15, "Nios II" }, { 16, "Blackfin" }, { 17, "AVR32" }, { 18, "ST200" }, { 19, "sandbox" },
	{ 20, "NDS32" }, { 21, "OpenRISC" }, { 22, "AArch64" }, { 23, "ARC" }, { 24, "x86-64" },
	{ 25, "Xtensa" }, { 26, "RISC-V" }, { 0, NULL },
};

static const struct field_name types[] = {
	{ 1, "standalone" }, { 2, "kernel" }, { 3, "ramdisk" }, { 4, "multi-file" }, { 5, "firmware" },
	{ 6, "script" }, { 7, "filesystem" }, { 8, "device-tree" }, { 9, "kwb" }, { 10, "imx" },
	{ 11, "ubl" }, { 12, "omap" }, { 13, "ais" }, { 14, "kernel-noload" }, { 15, "pbl" },
	{ 16, "mxs" }, { 17, "gp" }, { 18, "atmel" }, { 19, "socfpga" }, { 20, "x86-setup" },
	{ 21, "lpc32xx" }, { 22, "loadable" }, { 23, "rockchip" }, { 24, "rockchip-sd" },
	{ 25, "rockchip-spi" }, { 26, "zynq" }, { 27, "zynqmp" }, { 0, NULL },
};

static const struct field_name compressions[] = {
	{ 0, "not compressed" }, { 1, "gzip" }, { 2, "bzip2" }, { 3, "lzma" }, { 4, "lzo" },
	{ 5, "lz4" }, { 6, "zstd" }, { 0, NULL },
};

static const char *name_or(const char *name, const char *otherwise)
{
	return name ? name : otherwise;
}

static bool read_header(struct span bytes, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 4);
	out->header_crc = cursor_u32be(&c);
	out->time = cursor_u32be(&c);
	out->size = cursor_u32be(&c);
	out->load = cursor_u32be(&c);
	out->entry = cursor_u32be(&c);
	out->data_crc = cursor_u32be(&c);
	out->system = cursor_u8(&c);
	out->machine = cursor_u8(&c);
	out->type = cursor_u8(&c);
	out->compression = cursor_u8(&c);
	out->name = field_text(cursor_take(&c, NAME_SIZE));
	return cursor_ok(&c);
}

/* The checksum is taken with its own field as zero. */
static bool header_crc_holds(struct span bytes, uint32_t wanted)
{
	static const uint8_t zeros[4];
	uint32_t crc = digest_crc32(0, span_slice(bytes, 0, 4));
	crc = digest_crc32(crc, span_of(zeros, sizeof zeros));
	return digest_crc32(crc, span_slice(bytes, 8, HEADER_SIZE - 8)) == wanted;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct header header;
	if (!read_header(bytes, &header) || !header_crc_holds(bytes, header.header_crc))
		return NOT_THIS;
	struct span payload = span_slice(bytes, HEADER_SIZE, header.size);
	bool whole = payload.size == header.size;
	bool intact = whole && header.size > 0 && digest_crc32(0, payload) == header.data_crc;
	out->size = HEADER_SIZE + payload.size;
	out->bits = intact ? 96 : 64;
	out->label = header.name;
	out->detail = arena_format(arena, "%s %s %s, %s, load 0x%08x, entry 0x%08x%s",
				   name_or(field_find(systems, header.system), "unknown system"),
				   name_or(field_find(machines, header.machine), "unknown machine"),
				   name_or(field_find(types, header.type), "unknown type"),
				   name_or(field_find(compressions, header.compression),
					   "unknown compression"),
				   header.load, header.entry,
				   intact ? "" : whole ? ", data checksum does not hold" : ", cut short");
	return out->detail.data ? DONE : NO_MEMORY;
}

/* A list of sizes, ended by 0, then the images, each filled up to four bytes. */
static enum outcome list_several(struct volume *volume, struct listing *out, uint64_t end)
{
	struct cursor sizes = cursor_over(span_slice(volume->bytes, 0, end));
	cursor_skip(&sizes, HEADER_SIZE);
	uint32_t size[MULTI_MAX];
	size_t count = 0;
	for (uint32_t next; count < MULTI_MAX && (next = cursor_u32be(&sizes)) != 0; count++)
		size[count] = next;
	if (!cursor_ok(&sizes) || count == 0 || count == MULTI_MAX)
		return MALFORMED;
	uint64_t at = sizes.at;
	for (size_t i = 0; i < count; i++) {
		if (at >= end) {
			notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "uimage.cut-short", at, count - i,
					 "images %zu to %zu lie past the end", i, count - 1);
			return PARTIAL;
		}
		struct span name = arena_format(volume->arena, "image-%zu", i);
		if (!name.data)
			return NO_MEMORY;
		TRY(listing_add_part(out, span_slice(volume->bytes, 0, end), (const char *)name.data, at,
				     size[i]));
		at += ((uint64_t)size[i] + 3) & ~UINT64_C(3);
	}
	return DONE;
}

/* Says what of the payload is not as the header states it; false where something is. */
static bool check_payload(const struct volume *volume, const struct header *header, struct span payload)
{
	if (payload.size < header->size)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "uimage.cut-short", volume->bytes.size,
				 header->size - payload.size, "%zu of %u bytes of the payload are there", payload.size,
				 header->size);
	else if (header->data_crc == 0 && payload.size > 0)
		notes_add(volume->notes, NOTE_INFO, "uimage.no-checksum", 24, "the header states no checksum of the payload");
	else if (digest_crc32(0, payload) != header->data_crc)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "uimage.bad-checksum", HEADER_SIZE, payload.size,
				 "the payload does not have the checksum 0x%08x that the header states", header->data_crc);
	else
		return true;
	return payload.size == header->size && header->data_crc == 0;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct header header;
	if (!read_header(volume->bytes, &header))
		return MALFORMED;
	struct span payload = span_slice(volume->bytes, HEADER_SIZE, header.size);
	bool sound = check_payload(volume, &header, payload);
	if (header.type == TYPE_MULTI || header.type == TYPE_SCRIPT) {
		enum outcome several = list_several(volume, out, HEADER_SIZE + (uint64_t)payload.size);
		if (several != MALFORMED)
			return several == DONE && !sound ? PARTIAL : several;
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "uimage.bad-list", HEADER_SIZE, 1,
				 "the list of sizes has no end; the payload is taken as one");
		sound = false;
	}
	TRY(listing_add_part(out, volume->bytes, name_or(field_find(types, header.type), "payload"),
			     HEADER_SIZE, payload.size));
	return sound ? DONE : PARTIAL;
}

const struct unpacker unpacker_uimage = {
	.name = "uimage",
	.title = "U-Boot legacy image",
	.role = ROLE_PACKAGE,
	.magics = { MAGIC("\x27\x05\x19\x56", 0), MAGIC("3700", 0), MAGIC("3701", 0), MAGIC("3703", 0),
		    MAGIC("2003", 0), MAGIC("2004", 0), MAGIC("2061", 0) },
	.measure = measure,
	.list = list,
};
