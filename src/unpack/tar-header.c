/* tar headers. Layout: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Extended numbers". */
#include "unpack/tar.h"

enum { CHECKSUM_AT = 148, CHECKSUM_SIZE = 8 };
/* Whether the map of a sparse file (GNU) goes on in a further block: in the header, and in such a block. */
enum { SPARSE_GOES_ON_AT = 482, SPARSE_MAP_GOES_ON_AT = 504 };

/* Octal digits between blanks and NULs, or a big-endian number marked by the top bit. */
static uint64_t number(struct cursor *c, size_t width)
{
	struct span field = cursor_take(c, width);
	uint64_t value = 0;
	if (span_byte(field, 0) & 0x80) {
		value = span_byte(field, 0) & 0x3f;
		for (size_t i = 1; i < field.size; i++)
			value = value << 8 | span_byte(field, i);
		return value;
	}
	field = span_trim(span_until_nul(field));
	for (size_t i = 0; i < field.size; i++) {
		uint8_t digit = span_byte(field, i);
		if (digit < '0' || digit > '7')
			break;
		value = value << 3 | (uint64_t)(digit - '0');
	}
	return value;
}

/* Writers disagreed on the sign of bytes; either sum is right. */
static bool checksum_holds(struct span block, uint64_t checksum)
{
	int64_t unsigned_sum = 0, signed_sum = 0;
	for (size_t i = 0; i < block.size; i++) {
		bool own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_SIZE;
		uint8_t byte = own ? ' ' : span_byte(block, i);
		unsigned_sum += byte;
		signed_sum += (int8_t)byte;
	}
	return checksum == (uint64_t)unsigned_sum || checksum == (uint64_t)signed_sum;
}

static void skip_sparse_map(struct cursor *c)
{
	while (span_byte(cursor_take(c, TAR_BLOCK), SPARSE_MAP_GOES_ON_AT) != 0)
		continue;
}

bool tar_next(struct cursor *c, struct tar_header *out)
{
	struct span block = cursor_take(c, TAR_BLOCK);
	if (!cursor_ok(c))
		return false;
	struct cursor field = cursor_over(block);
	*out = (struct tar_header){ 0 };
	out->name = span_until_nul(cursor_take(&field, 100));
	out->mode = number(&field, 8);
	out->uid = number(&field, 8);
	out->gid = number(&field, 8);
	out->size = number(&field, 12);
	out->mtime = number(&field, 12);
	uint64_t checksum = number(&field, CHECKSUM_SIZE);
	out->type = cursor_u8(&field);
	out->link = span_until_nul(cursor_take(&field, 100));
	struct span magic = cursor_take(&field, 8);
	cursor_skip(&field, 64); /* names of owner and group */
	out->device_major = number(&field, 8);
	out->device_minor = number(&field, 8);
	/* GNU headers ("ustar  ") keep other things where POSIX has the prefix. */
	if (span_has_at(magic, 0, span_of("ustar\0", 6)))
		out->prefix = span_until_nul(cursor_take(&field, 155));
	if (!checksum_holds(block, checksum) || tar_is_zero(block)) {
		c->at -= TAR_BLOCK;
		return false;
	}
	if (out->type == 'S' && span_byte(block, SPARSE_GOES_ON_AT) != 0)
		skip_sparse_map(c);
	out->data = c->at;
	return true;
}

bool tar_is_zero(struct span block)
{
	if (block.size != TAR_BLOCK || span_byte(block, 0) != 0)
		return false;
	return span_equal(span_slice(block, 0, TAR_BLOCK - 1), span_slice(block, 1, TAR_BLOCK - 1));
}

bool tar_pax_size(struct span records, uint64_t *out)
{
	struct span line;
	bool found = false;
	while (span_next_line(&records, &line)) {
		size_t key = span_find_text(line, " size=", 0);
		/* Only where nothing but the length stands before it. */
		if (key == SPAN_NOT_FOUND || span_find_byte(line, '=', 0) != key + 5)
			continue;
		found = span_to_number(span_from(line, key + 6), INT64_MAX, out);
	}
	return found;
}
