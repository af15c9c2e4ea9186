/*
 * cpio archives in the portable forms: new ASCII (070701, with checksums 070702) and
 * old octal (070707), as initramfs, SWUpdate and RPM payloads use them.
 * Layout: Linux Documentation/driver-api/early-userspace/buffer-format.rst, cpio(5).
 */
#include "base/cursor.h"
#include "base/effort.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

enum { NAME_LIMIT = 4096, NEW_FIELD = 8, NEW_ALIGNMENT = 4 };

struct header {
	bool octal;  /* 070707 */
	bool summed; /* 070702 */
	uint64_t inode, mode, uid, gid, links, mtime, size;
	uint64_t device_major, device_minor, special_major, special_minor;
	uint64_t name_size, checksum;
	struct span name; /* without its NUL */
	uint64_t data;    /* offset of the content */
};

/* A field of digits in base 8 or 16; fails the cursor on anything else. */
static uint64_t digits(struct cursor *c, size_t width, unsigned base)
{
	struct span field = cursor_take(c, width);
	uint64_t value = 0;
	for (size_t i = 0; i < field.size && effort_at(i); i++) {
		int digit = hex_digit(span_byte(field, i));
		if (digit < 0 || (unsigned)digit >= base)
			c->failed = true;
		value = value * base + (unsigned)digit;
	}
	return value;
}

static void read_new_fields(struct cursor *c, struct header *out)
{
	uint64_t *const fields[] = {
		&out->inode,        &out->mode,          &out->uid,           &out->gid,
		&out->links,        &out->mtime,         &out->size,          &out->device_major,
		&out->device_minor, &out->special_major, &out->special_minor, &out->name_size,
		&out->checksum,
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		*fields[i] = digits(c, NEW_FIELD, 16);
}

static void read_octal_fields(struct cursor *c, struct header *out)
{
	uint64_t special;
	out->device_minor = digits(c, 6, 8);
	out->inode = digits(c, 6, 8);
	out->mode = digits(c, 6, 8);
	out->uid = digits(c, 6, 8);
	out->gid = digits(c, 6, 8);
	out->links = digits(c, 6, 8);
	special = digits(c, 6, 8);
	out->mtime = digits(c, 11, 8);
	out->name_size = digits(c, 6, 8);
	out->size = digits(c, 11, 8);
	out->special_major = special >> 8;
	out->special_minor = special & 0xff;
}

/* Reads the header at the cursor and passes over name and content. False where none stands there whole. */
static bool next_header(struct cursor *c, struct header *out)
{
	struct span magic = cursor_take(c, 6);
	*out = (struct header){ 0 };
	out->octal = span_equal_text(magic, "070707");
	out->summed = span_equal_text(magic, "070702");
	if (out->octal)
		read_octal_fields(c, out);
	else if (out->summed || span_equal_text(magic, "070701"))
		read_new_fields(c, out);
	else
		return false;
	size_t alignment = out->octal ? 1 : NEW_ALIGNMENT;
	if (out->name_size < 1 || out->name_size > NAME_LIMIT)
		return false;
	out->name = cursor_take(c, out->name_size);
	if (span_byte(out->name, out->name.size - 1) != 0)
		return false;
	out->name = span_until_nul(out->name);
	cursor_align(c, alignment);
	out->data = c->at;
	cursor_skip(c, out->size);
	if (!cursor_ok(c))
		return false;
	/* The last entry's padding may be missing at the end of what there is. */
	if (cursor_left(c) >= alignment)
		cursor_align(c, alignment);
	return true;
}

static bool is_trailer(const struct header *header)
{
	return span_equal_text(header->name, "TRAILER!!!") && header->size == 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	struct header header;
	uint64_t end = 0;
	bool ended = false, octal = false, summed = false;
	(void)arena;
	while (!ended && next_header(&c, &header)) {
		struct entry probe;
		octal = header.octal;
		summed = header.summed;
		ended = is_trailer(&header);
		if (end == 0 && !ended && !tree_set_mode(&probe, (uint32_t)header.mode))
			return NOT_THIS;
		end = c.at;
	}
	if (end == 0)
		return NOT_THIS;
	/* Without a trailer it is cut short, and reaches to the end of what there is. */
	out->size = ended ? end : bytes.size;
	out->bits = ended ? 128 : 64;
	out->detail = span_of_text(octal ? "old octal" : summed ? "new ASCII with checksums" : "new ASCII");
	return DONE;
}

static bool checksum_holds(const struct header *header, struct span content)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < content.size && effort_at(i); i++)
		sum += span_byte(content, i);
	return sum == header->checksum;
}

static enum outcome add(struct volume *volume, struct listing *out, struct tree_links *links,
			const struct header *header, bool *intact)
{
	struct entry *entry;
	struct span content = span_slice(volume->bytes, header->data, header->size);
	TRY(listing_add(out, &entry));
	if (!tree_set_mode(entry, (uint32_t)header->mode)) {
		notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "cpio.bad-mode", header->data, 1,
				 "%.*s has mode %llo", SPAN_FORMAT(header->name), (unsigned long long)header->mode);
		out->count--;
		return DONE;
	}
	entry->path = listing_clean_path(out->arena, header->name);
	listing_tell_escape(volume->notes, header->name);
	entry->uid = (uint32_t)header->uid;
	entry->gid = (uint32_t)header->gid;
	entry->mtime = (int64_t)header->mtime;
	entry->device_major = (uint32_t)header->special_major;
	entry->device_minor = (uint32_t)header->special_minor;
	entry->offset = header->data;
	if (entry->type == ENTRY_LINK && !listing_may_hold(header->name, content)) {
		out->count--;
		return listing_refuse(out);
	}
	if (entry->type == ENTRY_LINK)
		entry->target = span_until_nul(content);
	if (entry->type == ENTRY_LINK || entry->type == ENTRY_FILE)
		entry->size = header->size;
	entry->plain = entry->type == ENTRY_FILE;
	/* Nobody reads the content of what is no file, nor a link's behind its target. */
	uint64_t read = entry->type == ENTRY_FILE ? header->size : entry->target.size;
	if (header->size > read + NEW_ALIGNMENT)
		TRY(listing_add_unused(out, header->data + read, header->size - read));
	if (entry->type == ENTRY_FILE && header->summed && header->size > 0 &&
	    !checksum_holds(header, content)) {
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "cpio.bad-checksum", header->data, header->size,
				 "the content of %.*s does not have its checksum", SPAN_FORMAT(entry->path));
		*intact = false;
	}
	if (entry->type == ENTRY_FILE && header->links > 1)
		TRY(tree_links_add(links, out, header->device_major << 32 | header->device_minor,
				   header->inode, out->count - 1));
	return entry->path.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct cursor c = cursor_over(volume->bytes);
	struct tree_links links = { 0 };
	struct header header;
	bool ended = false, intact = true;
	while (!ended) {
		size_t at = c.at;
		if (!next_header(&c, &header)) {
			notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "cpio.cut-short", at, NOTE_NO_AMOUNT,
					 "no whole entry and no trailer after %zu entries", out->count);
			break;
		}
		ended = is_trailer(&header);
		if (!ended)
			TRY(add(volume, out, &links, &header, &intact));
	}
	tree_links_resolve(&links, out);
	return ended && intact ? DONE : PARTIAL;
}

const struct unpacker unpacker_cpio = {
	.name = "cpio",
	.title = "cpio archive",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = { MAGIC("070701", 0), MAGIC("070702", 0), MAGIC("070707", 0) },
	.measure = measure,
	.list = list,
};
