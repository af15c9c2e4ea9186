/*
 * U-Boot's stored environment: CRC-32, in redundant setups a flag byte, then
 * "name=value" texts, each ended by NUL, the last by two. The checksum covers
 * everything up to a size that only the build knows. Layout: U-Boot, include/env_internal.h.
 */
#include "unpack/uboot-environment.h"

#include "base/cursor.h"
#include "base/digest.h"
#include "base/effort.h"
#include "unpack/unpacker.h"

enum {
	CRC_SIZE = 4,
	STEP = 0x400,             /* where what follows the texts is left from before, sizes are multiples of it, */
	STEPS_MOST = 0x20000,     /* up to this one */
	SIZE_MOST = 0x100000,
	TEXT_MOST = 0x10000,      /* of the variables alone */
	NAME_MAX_SIZE = 64,
	VARIABLE_MAX_SIZE = 8192, /* a few times what its command line takes */
	VARIABLES_LEAST = 2,
	BEFORE_MOST = 64,         /* variables before one of those that every environment has, in the order of any tool; */
	WALK_MOST = 16384,        /* their bytes */
	ONE_BY_ONE = 8,           /* what a byte costs that is checksummed alone, in bytes of a run */
};

static bool is_name_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || c == '.' || c == '#' || c == ':' || c == '+' || c == '/' || c == '@' || c == ',';
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
	for (size_t i = name; i < text.size && effort_at(i); i++) {
		uint8_t c = span_byte(text, i);
		if (c == 0x7F || (c < ' ' && c != '\t' && c != '\n' && c != '\r'))
			return false;
	}
	return true;
}

/* Walks over the variables; false where they are none. */
static bool read_variables(struct span bytes, struct uboot_environment *out)
{
	struct span rest = span_slice(bytes, out->header, TEXT_MOST);
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
		out->effort += text.size + 1;
		rest = span_from(rest, text.size + 1);
	}
	return out->variables >= VARIABLES_LEAST;
}

/* Stored in the processor's byte order. */
static bool holds(uint32_t crc, uint32_t stated)
{
	return crc == stated || crc == __builtin_bswap32(stated);
}

/*
 * Finds the size for which the checksum holds: any, as long as one filler follows the
 * texts; behind it, where an older and longer environment may have been, round ones.
 */
static bool find_size(struct span bytes, struct uboot_environment *out)
{
	struct cursor c = cursor_over(bytes);
	uint32_t stated = cursor_u32le(&c);
	size_t at = out->header + out->text_size + 1; /* with the second NUL */
	uint32_t crc = digest_crc32(0, span_slice(bytes, out->header, at - out->header));
	uint8_t filler = span_byte(bytes, at);
	bool filled = true;
	for (;;) {
		if (holds(crc, stated)) {
			out->size = at;
			return true;
		}
		filled = filled && span_byte(bytes, at) == filler;
		size_t next = filled ? at + 1 : (at / STEP + 1) * STEP;
		if (next > bytes.size || next > (filled ? SIZE_MOST : STEPS_MOST))
			return false;
		crc = digest_crc32(crc, span_slice(bytes, at, next - at));
		out->effort += filled ? ONE_BY_ONE : next - at;
		at = next;
	}
}

bool uboot_environment_read(struct span bytes, struct uboot_environment *out)
{
	*out = (struct uboot_environment){ 0 };
	for (out->header = CRC_SIZE; out->header <= CRC_SIZE + 1; out->header++)
		if (read_variables(bytes, out) && find_size(bytes, out))
			return true;
	return false;
}

/* Start of the NUL-terminated text that holds a byte. */
static uint64_t text_start(struct span bytes, uint64_t at, uint64_t least)
{
	uint64_t start = at;
	while (start > least && at - start < VARIABLE_MAX_SIZE && span_byte(bytes, start - 1) != 0)
		start--;
	return start;
}

/* The first variable of the run that a byte is in, as far as NULs part it from what stands before. */
static uint64_t run_start(struct span bytes, uint64_t at, uint64_t least)
{
	uint64_t start = text_start(bytes, at, least);
	for (int i = 0; i < BEFORE_MOST && start > least + 1 && at - start < WALK_MOST; i++) {
		uint64_t before = text_start(bytes, start - 1, least);
		if (before == start - 1 || !is_variable(span_slice(bytes, before, start - 1 - before)))
			break;
		start = before;
	}
	return start;
}

/* Tries the places where the block may begin: bytes of the checksum and the flag may look like more of the first name. */
static bool block_before_name(struct span bytes, uint64_t equals, uint64_t least, uint64_t *block,
			      struct uboot_environment *out)
{
	enum { HEADER_MOST = CRC_SIZE + 1 };
	uint64_t name = equals, effort = out->effort;
	while (name > least && equals - name < NAME_MAX_SIZE + HEADER_MOST && is_name_byte(span_byte(bytes, name - 1)))
		name--;
	uint64_t first = name > least + HEADER_MOST ? name - HEADER_MOST : least;
	for (*block = first; *block + CRC_SIZE < equals; ++*block) {
		bool found = uboot_environment_read(span_from(bytes, *block), out);
		out->effort = effort += out->effort;
		if (found)
			return true;
	}
	return false;
}

/* Whether a text ends with the first variable of a block, behind its checksum and whatever lies before that. */
static bool block_in_text(struct span bytes, uint64_t text, uint64_t least, uint64_t *block,
			  struct uboot_environment *out)
{
	enum { EQUALS_MAX = 4 }; /* one in the checksum, and those of a value */
	struct span rest = span_until_nul(span_slice(bytes, text, VARIABLE_MAX_SIZE));
	size_t at = 0;
	for (int i = 0; i < EQUALS_MAX && (at = span_find_byte(rest, '=', at)) != SPAN_NOT_FOUND; i++, at++)
		if (block_before_name(bytes, text + at, least, block, out))
			return true;
	return false;
}

bool uboot_environment_around(struct span bytes, uint64_t at, uint64_t least, uint64_t *start,
			      struct uboot_environment *out)
{
	uint64_t run = run_start(bytes, at, least);
	*out = (struct uboot_environment){ .effort = at - run + VARIABLE_MAX_SIZE };
	bool found = block_in_text(bytes, run, least, start, out) ||
		     (run > least + 1 && block_in_text(bytes, text_start(bytes, run - 1, least), least, start, out));
	return effort_spend(out->effort) && found;
}

static uint64_t find_start(struct span bytes, uint64_t at, uint64_t least, uint64_t *effort)
{
	struct uboot_environment environment;
	uint64_t start;
	bool found = uboot_environment_around(bytes, at, least, &start, &environment);
	*effort = environment.effort;
	return found ? start : UINT64_MAX;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct uboot_environment environment;
	if (!uboot_environment_read(bytes, &environment)) {
		out->effort = environment.effort;
		return NOT_THIS;
	}
	out->size = environment.size;
	out->bits = 56;
	if (environment.header == CRC_SIZE)
		out->detail = arena_format(arena, "%zu bytes, %u variables, checksum holds",
					   environment.size, environment.variables);
	else
		out->detail = arena_format(arena, "%zu bytes, %u variables, one of two copies (flag %u), "
						  "checksum holds",
					   environment.size, environment.variables,
					   span_byte(bytes, CRC_SIZE));
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct uboot_environment environment;
	if (!uboot_environment_read(volume->bytes, &environment))
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

/* Variables that hardly an environment is without; any may be the first. */
const struct unpacker unpacker_uboot_environment = {
	.name = "u-boot-environment",
	.title = "U-Boot environment",
	.role = ROLE_BOOT,
	.magics = { MAGIC("bootcmd=", 0), MAGIC("bootdelay=", 0), MAGIC("bootargs=", 0), MAGIC("baudrate=", 0),
		    MAGIC("ethaddr=", 0), MAGIC("ipaddr=", 0), MAGIC("serverip=", 0) },
	.find_start = find_start,
	.measure = measure,
	.list = list,
	.read = read_content,
};
