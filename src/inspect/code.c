#include "inspect/code.h"

#include "base/cursor.h"
#include "inspect/elf_image.h"
#include "inspect/machine_code.h"

/* What surely holds no code of its own, whatever words stand in it. */
struct data_format {
	uint32_t offset;
	struct span magic;
};
#define DATA_FORMAT(at, text) { (at), { (const uint8_t *)(text), sizeof(text) - 1 } }

static const struct data_format data_formats[] = {
	DATA_FORMAT(0, "SQLite format 3\0"),
	DATA_FORMAT(0, "LPKSHHRH"),         /* journal of systemd */
	DATA_FORMAT(0, "DBGC"),             /* pstore: console and messages that survived a reset */
	DATA_FORMAT(0, "\xde\x12\x04\x95"), /* translations (gettext), either order */
	DATA_FORMAT(0, "\x95\x04\x12\xde"),
	DATA_FORMAT(0, "%PDF-"),
	DATA_FORMAT(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), /* documents of Microsoft Office */
	DATA_FORMAT(0, "MDMP"),                             /* dump of a crash */
	DATA_FORMAT(0, "KDUMP   "),
	DATA_FORMAT(0, "DISKDUMP"),
	DATA_FORMAT(0, "\xd4\xc3\xb2\xa1"), /* captured packets */
	DATA_FORMAT(0, "\xa1\xb2\xc3\xd4"),
	DATA_FORMAT(0, "\x0a\x0d\x0d\x0a"),
	DATA_FORMAT(12, "\x61\x15\x06\0"),  /* Berkeley DB: hash, tree, either order */
	DATA_FORMAT(12, "\x62\x31\x05\0"),
	DATA_FORMAT(12, "\0\x06\x15\x61"),
	DATA_FORMAT(12, "\0\x05\x31\x62"),
	DATA_FORMAT(0, "\xce\x9a\x57\x13"), /* GDBM */
	DATA_FORMAT(0, "RpmP"),             /* ndb */
	DATA_FORMAT(0, "TZif"),
	DATA_FORMAT(0, "Obj\x01"),          /* Avro */
	DATA_FORMAT(4086, "SWAPSPACE2"),
};

static bool is_data_format(struct span bytes)
{
	for (size_t i = 0; i < sizeof data_formats / sizeof *data_formats; i++)
		if (span_has_at(bytes, data_formats[i].offset, data_formats[i].magic))
			return true;
	return false;
}

/* Records of text, with lengths or NULs between them: logs, dictionaries, fingerprints. */
static bool is_mostly_text(struct span bytes)
{
	enum { SAMPLE = 64 * 1024, OF_HUNDRED = 80 };
	struct span sample = span_slice(bytes, 0, SAMPLE);
	size_t printable = 0, any = 0;
	for (size_t i = 0; i < sample.size; i++) {
		uint8_t byte = span_byte(sample, i);
		printable += (byte >= ' ' && byte < 0x7f) || byte == '\n' || byte == '\t' || byte == '\r';
		any += byte != 0 && byte != 0xff;
	}
	return printable * 100 >= any * OF_HUNDRED && any > 0;
}

/* Headers of what a processor starts: Linux images (booting.rst of their machines), ESP, DOS and EFI programs. */
static bool has_code_header(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, 0x3c);
	uint32_t portable = cursor_u32le(&c);
	return span_has_at(bytes, 0x38, SPAN_LITERAL("ARM\x64")) || span_has_at(bytes, 0x38, SPAN_LITERAL("RSC\x05")) ||
	       span_has_at(bytes, 0x24, SPAN_LITERAL("\x18\x28\x6f\x01")) ||
	       span_has_at(bytes, 0x202, SPAN_LITERAL("HdrS")) || span_has_at(bytes, 4, SPAN_LITERAL("eGON.BT")) ||
	       (span_starts_text(bytes, "MZ") && span_has_at(bytes, portable, SPAN_LITERAL("PE\0\0")));
}

static enum code code_of_elf(struct span bytes)
{
	enum { DT_NEEDED = 1 };
	struct elf elf;
	struct elf_segment interpreter;
	uint64_t value;
	if (!elf_open(bytes, &elf))
		return CODE_PROGRAM;
	if (elf.type == ELF_CORE) /* the memory of a program: what it had read, too */
		return CODE_NONE;
	bool loaded = elf_find_segment(&elf, SEGMENT_INTERP, &interpreter) || elf_dynamic_value(&elf, DT_NEEDED, &value);
	return loaded ? CODE_PROGRAM : CODE_RAW;
}

bool code_may_be_raw(struct span bytes)
{
	if (is_data_format(bytes))
		return false;
	return has_code_header(bytes) || !is_mostly_text(bytes) || machine_code_find(bytes, NULL);
}

/* A piece of a program for a memory address, as the unpackers of firmware name it: its constants count with its code. */
static bool is_segment(const struct inspection *file)
{
	return file->entry->type == ENTRY_PART && span_starts_text(file->name, "segment-0x");
}

enum code code_of(const struct inspection *file)
{
	if (is_segment(file))
		return CODE_RAW;
	switch (file->kind) {
	case KIND_ELF:
		return code_of_elf(file->bytes);
	case KIND_KERNEL_MODULE:
		return CODE_MODULE;
	case KIND_SCRIPT:
		return CODE_SCRIPT;
	case KIND_DATA:
	case KIND_PART:
		break;
	default:
		return CODE_NONE;
	}
	if (span_starts_text(file->bytes, "bFLT"))
		return CODE_PROGRAM;
	if (!code_may_be_raw(file->bytes))
		return CODE_NONE;
	bool part = file->entry->type == ENTRY_PART;
	return part || has_code_header(file->bytes) || machine_code_find(file->bytes, NULL) ? CODE_RAW : CODE_NONE;
}
