/* Magics and ends from the formats' own specifications; the longer ends lie in known_*.c. */
#include "inspect/known.h"

#include "base/cursor.h"
#include "base/effort.h"

struct format {
	const char *name;
	struct span magic;
	uint32_t offset;
	uint64_t (*end)(struct span bytes); /* NULL: reaches to the end of what there is */
	bool program;
	const char *suffix;                 /* of the file's name, where the magic alone says too little */
	uint32_t most;                      /* a larger file is none; 0 for no limit */
};
#define MAGIC(text) { (const uint8_t *)(text), sizeof(text) - 1 }

static uint64_t within(struct span bytes, uint64_t size)
{
	return size <= bytes.size ? size : 0;
}

static uint64_t number_at(struct span bytes, uint64_t offset, bool big_endian)
{
	struct cursor c = cursor_over_order(bytes, big_endian);
	cursor_seek(&c, offset);
	uint32_t number = cursor_u32(&c);
	return cursor_ok(&c) ? number : 0;
}

static uint64_t bitmap(struct span bytes) { return within(bytes, number_at(bytes, 2, false)); }
static uint64_t web_font(struct span bytes) { return within(bytes, number_at(bytes, 8, true)); }
static uint64_t dex(struct span bytes) { return within(bytes, number_at(bytes, 32, false)); }
static uint64_t chunk(struct span bytes) { return within(bytes, number_at(bytes, 4, false)); }
static uint64_t device_tree(struct span bytes) { return within(bytes, number_at(bytes, 4, true)); }

/* OpenType: a directory of tables. */
static uint64_t font(struct span bytes)
{
	struct cursor c = cursor_over_order(bytes, true);
	cursor_skip(&c, 4);
	uint16_t count = cursor_u16(&c);
	uint64_t end = 0;
	cursor_skip(&c, 6);
	for (uint16_t i = 0; i < count; i++) {
		cursor_skip(&c, 8);
		uint64_t offset = cursor_u32(&c), size = cursor_u32(&c);
		uint64_t reached = offset + (size + 3) / 4 * 4;
		end = reached > end ? reached : end;
	}
	if (!cursor_ok(&c) || count == 0)
		return 0;
	return end <= bytes.size + 3 ? (end < bytes.size ? end : bytes.size) : 0;
}

static uint64_t sqlite(struct span bytes)
{
	uint64_t page = (uint64_t)span_byte(bytes, 16) << 8 | span_byte(bytes, 17);
	uint64_t pages = number_at(bytes, 28, true);
	return within(bytes, (page == 1 ? 65536 : page) * pages);
}

/* PKCS and X.509: one sequence, which begins with a sequence, a number or the name of a kind. */
static uint64_t der(struct span bytes)
{
	uint64_t size = (uint64_t)span_byte(bytes, 2) << 8 | span_byte(bytes, 3);
	uint8_t inner = span_byte(bytes, 4);
	return inner == 0x30 || inner == 0x02 || inner == 0x06 ? within(bytes, size + 4) : 0;
}

/* Java: the version of the class file tells it from a Mach-O of several architectures. */
static uint64_t java_class(struct span bytes)
{
	uint64_t version = number_at(bytes, 4, true) & 0xffff;
	return version >= 45 && version <= 100 ? bytes.size : 0;
}

/* GNU gettext: two tables of texts, which lie within it. */
static uint64_t catalogue(struct span bytes)
{
	bool big = span_byte(bytes, 0) == 0x95;
	uint64_t count = number_at(bytes, 8, big), end = 0;
	for (uint64_t table = 12; table <= 16; table += 4) {
		uint64_t at = number_at(bytes, table, big);
		if (count > bytes.size / 8 || !span_covers(bytes, at, count * 8))
			return 0;
		for (uint64_t i = 0; i < count; i++) {
			uint64_t reached = number_at(bytes, at + i * 8, big) + number_at(bytes, at + i * 8 + 4, big) + 1;
			end = reached > end ? reached : end;
		}
	}
	return within(bytes, end);
}

/* LuCI: texts, an index of them, and at the end where the index begins. */
static uint64_t luci(struct span bytes)
{
	enum { ENTRY = 16 };
	uint64_t index = bytes.size >= 4 ? number_at(bytes, bytes.size - 4, true) : 0;
	uint64_t size = bytes.size - 4 - index;
	if (index == 0 || index > bytes.size - 4 || size == 0 || size % ENTRY != 0)
		return 0;
	for (uint64_t at = index; at < index + size; at += ENTRY)
		if (number_at(bytes, at + 8, true) + number_at(bytes, at + 12, true) > index)
			return 0;
	return bytes.size;
}

static uint64_t document(struct span bytes)
{
	uint64_t end = 0;
	for (size_t at = 0; (at = span_find_text(bytes, "%%EOF", at)) != SPAN_NOT_FOUND; at += 5)
		end = at + 5;
	return end;
}

/* OpenWrt's mark behind the last file of an image (include/image.mk): filling follows it, up to the next mark. */
static uint64_t end_of_files(struct span bytes)
{
	size_t at = 4;
	while (at < bytes.size && effort_at(at)) {
		bool filling = span_byte(bytes, at) == 0xff || span_byte(bytes, at) == 0x00;
		if (!filling && !span_has_at(bytes, at, SPAN_LITERAL("\xde\xad\xc0\xde")))
			break;
		at += filling ? 1 : 4;
	}
	return at;
}

static const struct format formats[] = {
	{ "ELF program", MAGIC("\177ELF"), 0, known_end_of_elf, true, NULL, 0 },
	{ "PE program", MAGIC("MZ"), 0, known_end_of_pe, true, NULL, 0 },
	{ "Mach-O program", MAGIC("\xce\xfa\xed\xfe"), 0, known_end_of_mach, true, NULL, 0 },
	{ "Mach-O program", MAGIC("\xcf\xfa\xed\xfe"), 0, known_end_of_mach, true, NULL, 0 },
	{ "Mach-O program", MAGIC("\xfe\xed\xfa\xce"), 0, known_end_of_mach, true, NULL, 0 },
	{ "Mach-O program", MAGIC("\xfe\xed\xfa\xcf"), 0, known_end_of_mach, true, NULL, 0 },
	{ "Java class", MAGIC("\xca\xfe\xba\xbe"), 0, java_class, true, NULL, 0 },
	{ "Mach-O program", MAGIC("\xca\xfe\xba\xbe"), 0, known_end_of_mach, true, NULL, 0 },
	{ "Android program", MAGIC("dex\n03"), 0, dex, true, NULL, 0 },
	{ "Lua program", MAGIC("\x1bLua"), 0, NULL, true, NULL, 0 },
	{ "Lua program", MAGIC("\x1bLJ"), 0, NULL, true, NULL, 0 },
	{ "Python program", MAGIC("\r\n"), 2, NULL, true, ".pyc", 0 },
	{ "Python program", MAGIC("\r\n"), 2, NULL, true, ".pyo", 0 },
	{ "WebAssembly program", MAGIC("\0asm"), 0, NULL, true, NULL, 0 },
	{ "PNG picture", MAGIC("\x89PNG\r\n\x1a\n"), 0, known_end_of_png, false, NULL, 0 },
	{ "JPEG picture", MAGIC("\xff\xd8\xff"), 0, known_end_of_jpeg, false, NULL, 0 },
	{ "GIF picture", MAGIC("GIF87a"), 0, known_end_of_gif, false, NULL, 0 },
	{ "GIF picture", MAGIC("GIF89a"), 0, known_end_of_gif, false, NULL, 0 },
	{ "bitmap", MAGIC("BM"), 0, bitmap, false, NULL, 0 },
	{ "icon", MAGIC("\0\0\1\0"), 0, known_end_of_icon, false, NULL, 0 },
	{ "cursor picture", MAGIC("\0\0\2\0"), 0, known_end_of_icon, false, ".cur", 0 },
	{ "recording or picture", MAGIC("RIFF"), 0, known_end_of_riff, false, NULL, 0 },
	{ "Ogg recording", MAGIC("OggS"), 0, known_end_of_ogg, false, NULL, 0 },
	{ "film", MAGIC("ftyp"), 4, known_end_of_boxes, false, NULL, 0 },
	{ "FLAC recording", MAGIC("fLaC\0"), 0, NULL, false, NULL, 0 },
	{ "MP3 recording", MAGIC("ID3\2"), 0, NULL, false, NULL, 0 },
	{ "MP3 recording", MAGIC("ID3\3"), 0, NULL, false, NULL, 0 },
	{ "MP3 recording", MAGIC("ID3\4"), 0, NULL, false, NULL, 0 },
	{ "AMR recording", MAGIC("#!AMR"), 0, NULL, false, NULL, 0 },
	{ "TIFF picture", MAGIC("II*\0"), 0, NULL, false, NULL, 0 },
	{ "TIFF picture", MAGIC("MM\0*"), 0, NULL, false, NULL, 0 },
	{ "font", MAGIC("ttcf\0"), 0, NULL, false, NULL, 0 },
	{ "font", MAGIC("\0\1\0\0\0"), 0, font, false, NULL, 0 },
	{ "font", MAGIC("OTTO\0"), 0, font, false, NULL, 0 },
	{ "web font", MAGIC("wOFF"), 0, web_font, false, NULL, 0 },
	{ "web font", MAGIC("wOF2"), 0, web_font, false, NULL, 0 },
	{ "X11 font", MAGIC("\1fcp"), 0, NULL, false, ".pcf", 0 },
	{ "console font", MAGIC("\x36\x04"), 0, NULL, false, NULL, 65536 },
	{ "console font", MAGIC("\x72\xb5\x4a\x86"), 0, NULL, false, NULL, 262144 },
	{ "PDF document", MAGIC("%PDF-"), 0, document, false, NULL, 0 },
	{ "device tree", MAGIC("\xd0\x0d\xfe\xed"), 0, device_tree, false, NULL, 0 },
	{ "SQLite database", MAGIC("SQLite format 3\0"), 0, sqlite, false, NULL, 0 },
	{ "certificate or key", MAGIC("\x30\x82"), 0, der, false, NULL, 0 },
	{ "SSH key", MAGIC("\0\0\0\7ssh-"), 0, NULL, false, NULL, 8192 },
	{ "SSH key", MAGIC("\0\0\0\x13" "ecdsa-sha2"), 0, NULL, false, NULL, 8192 },
	{ "SSH key", MAGIC("\0\0\0\x0b" "ssh-ed"), 0, NULL, false, NULL, 8192 },
	{ "time zone", MAGIC("TZif"), 0, NULL, false, NULL, 65536 },
	{ "catalogue of texts", MAGIC("\xde\x12\x04\x95"), 0, catalogue, false, NULL, 0 },
	{ "catalogue of texts", MAGIC("\x95\x04\x12\xde"), 0, catalogue, false, NULL, 0 },
	{ "catalogue of texts", MAGIC(""), 0, luci, false, ".lmo", 0 },
	{ "terminal description", MAGIC("\x1a\x01"), 0, NULL, false, NULL, 32768 },
	{ "terminal description", MAGIC("\x1e\x02"), 0, NULL, false, NULL, 65536 },
	{ "index of kernel modules", MAGIC("\xb0\x07\xf4\x57"), 0, NULL, false, ".bin", 0 },
	{ "cache of libraries", MAGIC("ld.so-1.7.0"), 0, NULL, false, NULL, 0 },
	{ "cache of libraries", MAGIC("glibc-ld.so.cache1.1"), 0, NULL, false, NULL, 0 },
	{ "radio regulations", MAGIC("RGDB"), 0, NULL, false, NULL, 65536 },
	{ "settings of a folder", MAGIC("\0\0\0\1Bud1"), 0, NULL, false, NULL, 0 },
	{ "SELinux policy", MAGIC("\x8c\xff\x7c\xf9"), 0, NULL, false, NULL, 0 },
	{ "index of hardware", MAGIC("KSLPHHRH"), 0, NULL, false, NULL, 0 },
	{ "Android binary XML", MAGIC("\3\0\x08\0"), 0, chunk, false, NULL, 0 },
	{ "firmware of a wireless chip", MAGIC(""), 0, known_end_of_wireless, true, ".bin", 1 << 20 },
	{ "end mark of a file system", MAGIC("\xde\xad\xc0\xde"), 0, end_of_files, false, NULL, 0 },
	{ "Android resources", MAGIC("\2\0\x0c\0"), 0, chunk, false, NULL, 0 },
};

bool known_content(struct span name, struct span bytes, struct known *out)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		const struct format *format = &formats[i];
		if (!span_has_at(bytes, format->offset, format->magic) || (format->most && bytes.size > format->most) ||
		    (format->suffix && !span_ends_text(name, format->suffix)))
			continue;
		uint64_t end = format->end ? format->end(bytes) : bytes.size;
		if (end == 0)
			continue;
		*out = (struct known){ .name = format->name, .end = end < bytes.size ? end : bytes.size,
				       .program = format->program };
		return true;
	}
	return false;
}
