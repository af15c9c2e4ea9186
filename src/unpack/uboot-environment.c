/*
 * U-Boot's stored environment: CRC-32, in redundant setups a flag byte, then
 * "name=value" texts, each ended by NUL, the last by two. The checksum covers
 * everything up to a size that only the build knows. Layout: U-Boot, include/env_internal.h.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "unpack/unpacker.h"

enum {
	CRC_SIZE = 4,
	STEP = 0x400,          /* sizes are multiples of it */
	SIZE_MOST = 0x40000,
	NAME_MAX_SIZE = 64,
	VARIABLE_MAX_SIZE = 8192, /* a few times what its command line takes */
	VARIABLES_LEAST = 2,
};

struct environment {
	size_t header;     /* 4, or 5 with a flag */
	size_t text_size;  /* up to the two NULs */
	size_t size;       /* of the whole block */
	uint32_t variables;
	bool tried;        /* there was a text, and its checksum was looked for */
};

static bool is_name_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || c == '.' || c == '#' || c == ':';
}

/* How long the name before a '=' is; 0 where there is none. */
static size_t name_size(struct span text)
{
	size_t name = 0;
	while (name < text.size && name < NAME_MAX_SIZE && is_name_byte(span_byte(text, name)))
		name++;
	return span_byte(text, name) == '=' ? name : 0;
}

/* "name=value" with nothing but text in it. */
static bool is_variable(struct span text)
{
	size_t name = name_size(text);
	if (name == 0)
		return false;
	for (size_t i = name; i < text.size; i++) {
		uint8_t c = span_byte(text, i);
		if (c == 0x7F || (c < ' ' && c != '\t' && c != '\n' && c != '\r'))
			return false;
	}
	return true;
}

/* Walks over the variables; false where they are none. */
static bool read_variables(struct span bytes, struct environment *out)
{
	struct span rest = span_slice(bytes, out->header, SIZE_MOST - out->header);
	out->variables = 0;
	out->text_size = 0;
	for (;;) {
		/* Most texts that are no environment end here, without a search for their end. */
		if (span_byte(rest, 0) != 0 && name_size(rest) == 0)
			return false;
		struct span reach = span_slice(rest, 0, VARIABLE_MAX_SIZE), text = span_until_nul(reach);
		if (text.size == reach.size)
			return false;
		if (text.size == 0)
			break;
		if (!is_variable(text))
			return false;
		out->variables++;
		out->text_size += text.size + 1;
		rest = span_from(rest, text.size + 1);
	}
	return out->variables >= VARIABLES_LEAST;
}

/* Finds the size for which the checksum holds. */
static bool find_size(struct span bytes, struct environment *out)
{
	struct cursor c = cursor_over(bytes);
	uint32_t stated = cursor_u32le(&c), crc = 0;
	size_t at = out->header;
	for (size_t size = STEP; size <= SIZE_MOST && size <= bytes.size; size += STEP) {
		crc = digest_crc32(crc, span_slice(bytes, at, size - at));
		at = size;
		/* Stored in the processor's byte order. */
		bool holds = crc == stated || crc == __builtin_bswap32(stated);
		if (holds && size >= out->header + out->text_size) {
			out->size = size;
			return true;
		}
	}
	return false;
}

static bool read_environment(struct span bytes, struct environment *out)
{
	out->tried = false;
	for (out->header = CRC_SIZE; out->header <= CRC_SIZE + 1; out->header++) {
		if (!read_variables(bytes, out))
			continue;
		out->tried = true;
		if (find_size(bytes, out))
			return true;
	}
	return false;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct environment environment;
	if (!read_environment(bytes, &environment)) {
		out->effort = environment.tried ? SIZE_MOST : environment.text_size;
		return NOT_THIS;
	}
	out->size = environment.size;
	out->bits = 56;
	if (environment.header == CRC_SIZE)
		out->detail = arena_format(arena, "%zu KiB, %u variables, checksum holds",
					   environment.size / 1024, environment.variables);
	else
		out->detail = arena_format(arena, "%zu KiB, %u variables, one of two copies (flag %u), "
						  "checksum holds",
					   environment.size / 1024, environment.variables,
					   span_byte(bytes, CRC_SIZE));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct environment environment;
	if (!read_environment(volume->bytes, &environment))
		return MALFORMED;
	struct entry *entry;
	TRY(listing_add(out, &entry));
	entry->type = ENTRY_PART;
	entry->path = SPAN_LITERAL("environment");
	entry->offset = environment.header;
	entry->size = environment.text_size;
	return DONE;
}

/* Not given as a plain part: the block is one thing, checksum, text and filler. */
static enum outcome read_content(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	return buffer_append(out, span_slice(reader->volume->bytes, entry->offset, entry->size));
}

/* Variables are stored sorted, so a block starts with one of the first in the alphabet. */
#define FIRST(text) MAGIC(text, CRC_SIZE), MAGIC(text, CRC_SIZE + 1)

const struct unpacker unpacker_uboot_environment = {
	.name = "u-boot-environment",
	.title = "U-Boot environment",
	.role = ROLE_BOOT,
	.magics = { FIRST("ac"), FIRST("ad"), FIRST("al"), FIRST("ar"), FIRST("as"), FIRST("au"), FIRST("ba"),
		    FIRST("bl"), FIRST("bo"), FIRST("br"), FIRST("bs"), FIRST("co"), FIRST("et"), FIRST("ip"),
		    FIRST("mt"), FIRST("st") },
	.measure = measure,
	.list = list,
	.read = read_content,
};
