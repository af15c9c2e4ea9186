/* Magics of the common formats, from their specifications; text by its absence of control characters. */
#include "inspect/kind.h"

#include "base/cursor.h"

enum { TEXT_SAMPLE = 4096, TAR_MAGIC_AT = 257, ELF_TYPE_AT = 16, ELF_RELOCATABLE = 1 };

struct kind_magic {
	enum content_kind kind;
	uint16_t offset;
	uint8_t size;
	const char *bytes;
};
#define KIND_MAGIC(kind, offset, text) { (kind), (offset), sizeof(text) - 1, (text) }

static const struct kind_magic kind_magics[] = {
	KIND_MAGIC(KIND_ELF, 0, "\177ELF"),
	KIND_MAGIC(KIND_SCRIPT, 0, "#!"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\x1f\x8b\x08"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "BZh"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\xfd" "7zXZ\0"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\x28\xb5\x2f\xfd"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\x04\x22\x4d\x18"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\x02\x21\x4c\x18"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\x89LZO\0\r\n\x1a\n"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "PK\3\4"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "PK\5\6"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "7z\xbc\xaf\x27\x1c"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "Rar!\x1a\7"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "!<arch>\n"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "070701"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "070702"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "070707"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\xed\xab\xee\xdb"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "hsqs"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "sqsh"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "\x27\x05\x19\x56"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "MSCF"),
	KIND_MAGIC(KIND_ARCHIVE, 0, "ADB."),
	KIND_MAGIC(KIND_ARCHIVE, TAR_MAGIC_AT, "ustar"),
	KIND_MAGIC(KIND_IMAGE, 0, "\x89PNG\r\n\x1a\n"),
	KIND_MAGIC(KIND_IMAGE, 0, "\xff\xd8\xff"),
	KIND_MAGIC(KIND_IMAGE, 0, "GIF87a"),
	KIND_MAGIC(KIND_IMAGE, 0, "GIF89a"),
	KIND_MAGIC(KIND_IMAGE, 0, "II*\0"),
	KIND_MAGIC(KIND_IMAGE, 0, "MM\0*"),
	KIND_MAGIC(KIND_IMAGE, 0, "\0\0\1\0\1\0"),
	KIND_MAGIC(KIND_IMAGE, 8, "WEBPVP8"),
	KIND_MAGIC(KIND_IMAGE, 8, "WAVEfmt"),
	KIND_MAGIC(KIND_IMAGE, 8, "AVI LIST"),
	KIND_MAGIC(KIND_IMAGE, 4, "ftyp"),
	KIND_MAGIC(KIND_IMAGE, 0, "OggS\0"),
	KIND_MAGIC(KIND_IMAGE, 0, "fLaC\0"),
	KIND_MAGIC(KIND_IMAGE, 0, "ID3\2"),
	KIND_MAGIC(KIND_IMAGE, 0, "ID3\3"),
	KIND_MAGIC(KIND_IMAGE, 0, "ID3\4"),
	KIND_MAGIC(KIND_IMAGE, 0, "#!AMR"),
	KIND_MAGIC(KIND_IMAGE, 0, "\0\1\0\0\0"),
	KIND_MAGIC(KIND_IMAGE, 0, "OTTO\0"),
	KIND_MAGIC(KIND_IMAGE, 0, "ttcf\0"),
	KIND_MAGIC(KIND_IMAGE, 0, "wOFF"),
	KIND_MAGIC(KIND_IMAGE, 0, "wOF2"),
};

const char *kind_name(enum content_kind kind)
{
	static const char *const names[] = {
		[KIND_EMPTY] = "empty",
		[KIND_ELF] = "elf",
		[KIND_KERNEL_MODULE] = "kernel module",
		[KIND_SCRIPT] = "script",
		[KIND_TEXT] = "text",
		[KIND_PEM] = "pem",
		[KIND_DEVICE_TREE] = "device tree",
		[KIND_IMAGE] = "image",
		[KIND_ARCHIVE] = "archive",
		[KIND_PART] = "part",
		[KIND_DATA] = "data",
	};
	return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "data";
}

bool kind_is_text(enum content_kind kind)
{
	return kind == KIND_TEXT || kind == KIND_SCRIPT || kind == KIND_PEM;
}

bool kind_may_be_lines(enum content_kind kind)
{
	return kind_is_text(kind) || kind == KIND_DATA || kind == KIND_ARCHIVE;
}

/* High bytes may be UTF-8 or any older code page; no text has NULs, most control characters, or much of erased flash. */
static bool is_printable(struct span bytes)
{
	struct span sample = span_slice(bytes, 0, TEXT_SAMPLE);
	size_t erased = 0;
	for (size_t i = 0; i < sample.size; i++) {
		uint8_t c = span_byte(sample, i);
		erased += c == 0xff;
		bool control = c < ' ' && !(c >= '\b' && c <= '\r') && c != 0x1b && c != 0x1a;
		if (control || c == 0x7f)
			return false;
	}
	return erased <= sample.size / 2;
}

static bool is_device_tree(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	uint32_t magic = cursor_u32be(&c);
	uint32_t size = cursor_u32be(&c);
	uint32_t structure = cursor_u32be(&c);
	uint32_t strings = cursor_u32be(&c);
	return cursor_ok(&c) && magic == 0xd00dfeed && size <= bytes.size && structure < size && strings <= size;
}

/* A bitmap's size field tells it from any text that happens to start with BM. */
static bool is_bitmap(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	uint16_t magic = cursor_u16le(&c);
	uint32_t size = cursor_u32le(&c);
	uint32_t reserved = cursor_u32le(&c);
	return cursor_ok(&c) && magic == 0x4d42 && size == bytes.size && reserved == 0;
}

/* What a compressed module holds has no name of its own, but since Linux 2.6 a section that no other object file has. */
static bool is_kernel_module(struct span name, struct span bytes)
{
	uint8_t low = span_byte(bytes, ELF_TYPE_AT), high = span_byte(bytes, ELF_TYPE_AT + 1);
	if (low + high != ELF_RELOCATABLE || span_find(bytes, SPAN_LITERAL(".modinfo\0"), 0) == SPAN_NOT_FOUND)
		return false;
	return span_ends_text(name, ".ko") ||
	       span_find(bytes, SPAN_LITERAL(".gnu.linkonce.this_module\0"), 0) != SPAN_NOT_FOUND;
}

static bool has_pem(struct span bytes)
{
	return span_find_text(bytes, "-----BEGIN ", 0) != SPAN_NOT_FOUND;
}

enum content_kind kind_of(struct span name, struct span bytes)
{
	if (bytes.size == 0)
		return KIND_EMPTY;
	for (size_t i = 0; i < sizeof kind_magics / sizeof *kind_magics; i++) {
		const struct kind_magic *magic = &kind_magics[i];
		if (!span_has_at(bytes, magic->offset, span_of(magic->bytes, magic->size)))
			continue;
		/* Words such as "ADB." or "PK" also start texts: a magic of letters alone does not outweigh them. */
		if (magic->kind == KIND_ELF)
			return is_kernel_module(name, bytes) ? KIND_KERNEL_MODULE : KIND_ELF;
		if (magic->kind == KIND_SCRIPT || !is_printable(bytes))
			return magic->kind;
	}
	if (is_device_tree(bytes))
		return KIND_DEVICE_TREE;
	if (is_bitmap(bytes))
		return KIND_IMAGE;
	if (!is_printable(bytes))
		return KIND_DATA;
	return has_pem(bytes) ? KIND_PEM : KIND_TEXT;
}
