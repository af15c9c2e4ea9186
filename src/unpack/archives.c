/*
 * Archive formats that libarchive reads; here is how each is recognised and how far it reaches.
 * Layout: PKWARE APPNOTE.TXT 6.3 (zip), 7zFormat.txt of the LZMA SDK, RARLAB technote (rar), Microsoft
 * Cabinet File Format, ECMA-119 (ISO 9660), lha's header.doc, cpio(5) for the old binary form.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/registry.h"
#include "unpack/vendor/archive.h"

static enum outcome claim(struct extent *out, struct span bytes, uint64_t size, uint32_t bits)
{
	out->size = size < bytes.size ? size : bytes.size;
	out->bits = bits;
	return DONE;
}

static enum outcome measure_sevenzip(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_skip(&c, 8);
	uint32_t checksum = cursor_u32le(&c);
	struct span start = cursor_take(&c, 20);
	if (!cursor_ok(&c) || digest_crc32(0, start) != checksum)
		return NOT_THIS;
	struct cursor header = cursor_over(start);
	uint64_t offset = cursor_u64le(&header);
	uint64_t size = cursor_u64le(&header);
	if (!span_covers(span_of(NULL, SIZE_MAX - 32), offset, size))
		return MALFORMED;
	return claim(out, bytes, 32 + offset + size, 80);
}

static enum outcome measure_cab(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_skip(&c, 4);
	uint32_t reserved = cursor_u32le(&c);
	uint32_t size = cursor_u32le(&c);
	reserved |= cursor_u32le(&c);
	uint32_t files = cursor_u32le(&c);
	reserved |= cursor_u32le(&c);
	uint16_t version = cursor_u16be(&c);
	if (!cursor_ok(&c) || reserved != 0 || version != 0x0301 || files >= size || size < 44)
		return NOT_THIS;
	return claim(out, bytes, size, 120);
}

static enum outcome measure_iso9660(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(span_from(bytes, 16 * 2048));
	(void)arena;
	uint8_t type = cursor_u8(&c);
	cursor_skip(&c, 5);
	uint8_t version = cursor_u8(&c);
	cursor_skip(&c, 1 + 32);
	out->label = span_trim(cursor_take(&c, 32));
	cursor_skip(&c, 8);
	uint32_t blocks = cursor_u32le(&c);
	uint32_t same_blocks = cursor_u32be(&c);
	cursor_skip(&c, 128 - 88);
	uint16_t block_size = cursor_u16le(&c);
	if (!cursor_ok(&c) || type != 1 || version != 1 || blocks != same_blocks || blocks == 0)
		return NOT_THIS;
	return claim(out, bytes, (uint64_t)blocks * block_size, 96);
}

/* RAR 1.5 to 4: blocks of a checksum, type, flags, header size and, where flagged, size of what follows. */
static uint64_t end_of_rar4(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 7);
	while (cursor_left(&c) > 7) {
		size_t start = c.at;
		cursor_skip(&c, 2);
		uint8_t type = cursor_u8(&c);
		uint16_t flags = cursor_u16le(&c);
		uint16_t header = cursor_u16le(&c);
		uint32_t more = flags & 0x8000 ? cursor_u32le(&c) : 0;
		if (header < 7 || type < 0x72 || type > 0x7b)
			return bytes.size;
		cursor_seek(&c, start + (uint64_t)header + more);
		if (type == 0x7b)
			return c.at;
	}
	return bytes.size;
}

static uint64_t variable_number(struct cursor *c)
{
	uint64_t value = 0;
	for (unsigned shift = 0; shift < 63; shift += 7) {
		uint8_t byte = cursor_u8(c);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	c->failed = true;
	return 0;
}

/* RAR 5: blocks of a checksum, header size, type, flags and, where flagged, sizes of what follows. */
static uint64_t end_of_rar5(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 8);
	while (cursor_left(&c) > 7) {
		cursor_skip(&c, 4);
		uint64_t header = variable_number(&c);
		size_t start = c.at;
		uint64_t type = variable_number(&c);
		uint64_t flags = variable_number(&c);
		if (flags & 1)
			(void)variable_number(&c);
		uint64_t more = flags & 2 ? variable_number(&c) : 0;
		cursor_seek(&c, start);
		cursor_skip(&c, header);
		cursor_skip(&c, more);
		if (!cursor_ok(&c) || type < 1 || type > 5)
			return bytes.size;
		if (type == 5)
			return c.at;
	}
	return bytes.size;
}

static enum outcome measure_rar(struct span bytes, struct arena *arena, struct extent *out)
{
	(void)arena;
	bool fifth = span_byte(bytes, 6) == 1;
	out->detail = span_of_text(fifth ? "5" : "4");
	return claim(out, bytes, fifth ? end_of_rar5(bytes) : end_of_rar4(bytes), 64);
}

/* A level-0 to level-2 header: its method is "-lh?-", its level small, its name printable. */
static enum outcome measure_lha(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	uint8_t header = cursor_u8(&c);
	cursor_skip(&c, 1 + 3);
	uint8_t method = cursor_u8(&c);
	uint8_t dash = cursor_u8(&c);
	uint32_t packed = cursor_u32le(&c);
	cursor_skip(&c, 4 + 4 + 1);
	uint8_t level = cursor_u8(&c);
	bool known = (method >= '0' && method <= '7') || method == 'd' || method == 's';
	if (!cursor_ok(&c) || dash != '-' || !known || level > 2 || header == 0 || packed > bytes.size)
		return NOT_THIS;
	return claim(out, bytes, bytes.size, 48);
}

static enum outcome measure_old_cpio(struct span bytes, struct arena *arena, struct extent *out)
{
	bool big_endian = span_byte(bytes, 0) == 0x71;
	struct cursor c = cursor_over_order(bytes, big_endian);
	(void)arena;
	cursor_skip(&c, 6);
	uint16_t mode = cursor_u16(&c);
	cursor_skip(&c, 12);
	uint16_t name_size = cursor_u16(&c);
	cursor_skip(&c, 4);
	struct span name = cursor_take(&c, name_size);
	bool known_type = (mode & 0170000) == 0100000 || (mode & 0170000) == 0040000;
	if (!cursor_ok(&c) || !known_type || name_size < 2 || span_until_nul(name).size != name_size - 1u)
		return NOT_THIS;
	return claim(out, bytes, bytes.size, 48);
}

const struct unpacker unpacker_sevenzip = {
	.name = "7z",
	.title = "7-Zip archive",
	.role = ROLE_ARCHIVE,
	.magics = { MAGIC("7z\xbc\xaf\x27\x1c", 0) },
	.sequential = true,
	.measure = measure_sevenzip,
	.list = archive_list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};

const struct unpacker unpacker_cab = {
	.name = "cab",
	.title = "Microsoft cabinet",
	.role = ROLE_ARCHIVE,
	.magics = { MAGIC("MSCF\0\0\0\0", 0) },
	.sequential = true,
	.measure = measure_cab,
	.list = archive_list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};

const struct unpacker unpacker_iso9660 = {
	.name = "iso9660",
	.title = "ISO 9660 file system",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = { MAGIC("CD001", 16 * 2048 + 1) },
	.measure = measure_iso9660,
	.list = archive_list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};

const struct unpacker unpacker_lha = {
	.name = "lha",
	.title = "LHA archive",
	.role = ROLE_ARCHIVE,
	.magics = { MAGIC("-lh", 2) },
	.at_start_only = true,
	.measure = measure_lha,
	.list = archive_list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};

const struct unpacker unpacker_old_cpio = {
	.name = "old-cpio",
	.title = "old binary cpio archive",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = { MAGIC("\xc7\x71", 0), MAGIC("\x71\xc7", 0) },
	.at_start_only = true,
	.measure = measure_old_cpio,
	.list = archive_list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};

const struct unpacker unpacker_rar = {
	.name = "rar",
	.title = "RAR archive",
	.role = ROLE_ARCHIVE,
	.magics = { MAGIC("Rar!\x1a\x07\x00", 0), MAGIC("Rar!\x1a\x07\x01\x00", 0) },
	.sequential = true,
	.measure = measure_rar,
	.list = archive_list,
	.open = archive_open,
	.read = archive_read,
	.close = archive_close,
};
