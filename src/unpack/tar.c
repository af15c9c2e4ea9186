/*
 * tar archives: POSIX ustar and pax, GNU long names. Content lies in the archive as it is.
 * Layout: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Header Block"; GNU tar manual, "Basic Tar
 * Format".
 */
#include "base/cursor.h"
#include "unpack/registry.h"
#include "unpack/tar.h"
#include "unpack/tree.h"

enum { OVERRIDE_LIMIT = 1024 * 1024, RECORD = 20 * TAR_BLOCK, EXTENSION_USUAL = 16 * 1024 };

/* What extended headers say about the next entry. */
struct overrides {
	struct span path, link;
	struct attribute *attributes;
	uint64_t size, uid, gid, mtime;
	bool has_size, has_uid, has_gid, has_mtime;
	bool sparse;
};

struct walk {
	struct volume *volume;
	struct listing *out;
	struct overrides global, next;
	struct tree_names hard_links;
};

/* The value of a "key=value" record of a pax header. */
static enum outcome apply_record(struct walk *walk, struct overrides *to, struct span key, struct span value)
{
	static const char attribute_prefix[] = "SCHILY.xattr.";
	struct span whole = value;
	size_t dot = span_find_byte(value, '.', 0);
	if (dot != SPAN_NOT_FOUND)
		whole = span_slice(value, 0, dot);
	if (span_equal_text(key, "path")) {
		to->path = value;
	} else if (span_equal_text(key, "linkpath")) {
		to->link = value;
	} else if (span_equal_text(key, "size")) {
		to->has_size = span_to_number(value, INT64_MAX, &to->size);
	} else if (span_equal_text(key, "uid")) {
		to->has_uid = span_to_number(value, UINT32_MAX, &to->uid);
	} else if (span_equal_text(key, "gid")) {
		to->has_gid = span_to_number(value, UINT32_MAX, &to->gid);
	} else if (span_equal_text(key, "mtime")) {
		to->has_mtime = span_to_number(whole, INT64_MAX, &to->mtime);
	} else if (span_starts_text(key, "GNU.sparse.")) {
		to->sparse = true;
	} else if (span_starts_text(key, attribute_prefix)) {
		struct attribute *attribute = ARENA_NEW(walk->out->arena, struct attribute, 1);
		if (!attribute)
			return NO_MEMORY;
		attribute->name = span_from(key, sizeof attribute_prefix - 1);
		attribute->value = value;
		attribute->next = to->attributes;
		to->attributes = attribute;
	}
	return DONE;
}

/* Records "length key=value\n", where length counts the whole record. */
static enum outcome apply_pax(struct walk *walk, struct overrides *to, struct span records)
{
	while (records.size > 0) {
		uint64_t length;
		size_t blank = span_find_byte(records, ' ', 0);
		if (blank == SPAN_NOT_FOUND ||
		    !span_to_number(span_slice(records, 0, blank), records.size, &length) ||
		    length < blank + 2)
			break;
		struct span record = span_slice(records, blank + 1, length - blank - 2);
		size_t equals = span_find_byte(record, '=', 0);
		if (equals != SPAN_NOT_FOUND)
			TRY(apply_record(walk, to, span_slice(record, 0, equals),
					 span_from(record, equals + 1)));
		records = span_from(records, length);
	}
	return DONE;
}

/* ustar splits long names into prefix and name. */
static struct span plain_name(struct arena *arena, const struct tar_header *header)
{
	if (header->prefix.size == 0)
		return header->name;
	return arena_format(arena, "%.*s/%.*s", SPAN_FORMAT(header->prefix), SPAN_FORMAT(header->name));
}

static bool set_type(struct entry *entry, uint8_t flag, struct span name)
{
	switch (flag) {
	case 0:
	case '0':
	case '7':
	case 'S':
		/* Before POSIX a directory was a file whose name ends in a slash. */
		entry->type = span_ends_text(name, "/") ? ENTRY_DIRECTORY : ENTRY_FILE;
		return true;
	case '1': entry->type = ENTRY_FILE; return true;
	case '2': entry->type = ENTRY_LINK; return true;
	case '3': entry->type = ENTRY_CHARACTER_DEVICE; return true;
	case '4': entry->type = ENTRY_BLOCK_DEVICE; return true;
	case '5': entry->type = ENTRY_DIRECTORY; return true;
	case '6': entry->type = ENTRY_FIFO; return true;
	default: return false;
	}
}

static enum outcome add(struct walk *walk, const struct tar_header *header, const struct overrides *with)
{
	struct listing *out = walk->out;
	struct span name = with->path.size ? with->path : plain_name(out->arena, header);
	struct span link = with->link.size ? with->link : header->link;
	struct entry *entry;
	if (!listing_may_hold(name, link))
		return listing_refuse(out);
	TRY(listing_add(out, &entry));
	if (!set_type(entry, header->type, name)) {
		/* A volume's label (GNU tar) holds nothing. */
		if (header->type == 'V')
			notes_add(walk->volume->notes, NOTE_INFO, "tar.label", header->data - TAR_BLOCK, "the archive is called %.*s",
				  SPAN_FORMAT(name));
		else
			notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_UNSUPPORTED, "tar.unknown-type",
					 header->data - TAR_BLOCK, 1, "%.*s is of type '%c'", SPAN_FORMAT(name), header->type);
		out->count--;
		return DONE;
	}
	entry->path = listing_clean_path(out->arena, name);
	listing_tell_escape(walk->volume->notes, name);
	entry->has_mode = true;
	entry->mode = (uint32_t)header->mode & 07777;
	entry->uid = (uint32_t)(with->has_uid ? with->uid : header->uid);
	entry->gid = (uint32_t)(with->has_gid ? with->gid : header->gid);
	entry->mtime = (int64_t)(with->has_mtime ? with->mtime : header->mtime);
	entry->device_major = (uint32_t)header->device_major;
	entry->device_minor = (uint32_t)header->device_minor;
	entry->attributes = with->attributes;
	entry->offset = header->data;
	if (entry->type == ENTRY_LINK) {
		entry->target = link;
		entry->size = link.size;
	} else if (header->type == '1') {
		TRY(tree_names_add(&walk->hard_links, out, out->count - 1, link));
	} else if (entry->type == ENTRY_FILE) {
		entry->size = with->has_size ? with->size : header->size;
		entry->plain = !with->sparse && header->type != 'S';
	}
	return entry->path.data ? DONE : NO_MEMORY;
}

/* Bytes of content that follow a header in the archive. */
static uint64_t content_size(const struct tar_header *header, const struct overrides *with)
{
	bool bodyless = header->type >= '1' && header->type <= '6';
	if (bodyless)
		return 0;
	return with && with->has_size ? with->size : header->size;
}

static enum outcome take(struct walk *walk, struct cursor *c, const struct tar_header *header)
{
	struct overrides *next = &walk->next;
	bool extends = header->type && strchr("xgXLK", header->type);
	uint64_t size = content_size(header, extends ? NULL : next);
	struct span content = cursor_take(c, size);
	if (!cursor_ok(c)) {
		uint64_t there = span_from(walk->volume->bytes, header->data).size;
		notes_incomplete(walk->volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "tar.cut-short", header->data, size - there,
				 "the content of %.*s is cut short", SPAN_FORMAT(header->name));
		return PARTIAL;
	}
	/* The padding of the very last entry may be missing. */
	if (cursor_left(c) >= TAR_BLOCK || c->at % TAR_BLOCK == 0)
		cursor_align(c, TAR_BLOCK);
	else
		cursor_skip(c, cursor_left(c));
	/* Extended headers hold a few names and attributes; what else they hold, and labels and other types, nobody reads. */
	bool read = extends ? size <= EXTENSION_USUAL : header->type == 0 || strchr("01234567S", header->type);
	if (!read && size > 0)
		TRY(listing_add_unused(walk->out, header->data, content.size));
	if (extends && size > OVERRIDE_LIMIT)
		return listing_refuse(walk->out);
	switch (header->type) {
	case 'x':
	case 'X': return apply_pax(walk, next, content);
	case 'g': TRY(apply_pax(walk, &walk->global, content)); return apply_pax(walk, next, content);
	case 'L': next->path = span_until_nul(content); return DONE;
	case 'K': next->link = span_until_nul(content); return DONE;
	default: break;
	}
	TRY(add(walk, header, next));
	*next = walk->global;
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = { .volume = volume, .out = out };
	struct cursor c = cursor_over(volume->bytes);
	struct tar_header header;
	enum outcome outcome = DONE;
	while (outcome == DONE && tar_next(&c, &header))
		outcome = take(&walk, &c, &header);
	if (!outcome_usable(outcome))
		return outcome;
	tree_names_resolve(&walk.hard_links, out, volume->notes, "tar.dangling-link");
	/* Two blocks of zeros end an archive: where none stands, it was cut, or what follows is damaged. */
	if (outcome == DONE && !tar_is_zero(span_slice(volume->bytes, c.at, TAR_BLOCK))) {
		notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "tar.no-end", c.at, NOTE_NO_AMOUNT,
				 "no whole entry and no end of the archive after %zu entries", out->count);
		return PARTIAL;
	}
	return outcome;
}

/* Passes over the blocks of zeros that end an archive, as far as its record reaches. */
static uint64_t end_of_archive(struct span bytes, uint64_t end)
{
	uint64_t record = (end / RECORD + 1) * RECORD;
	uint64_t at = end;
	while (at < record + TAR_BLOCK && tar_is_zero(span_slice(bytes, at, TAR_BLOCK)))
		at += TAR_BLOCK;
	return at < bytes.size ? at : bytes.size;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	struct tar_header header;
	uint64_t entries = 0;
	uint64_t size_of_next = 0;
	bool has_size_of_next = false;
	(void)arena;
	while (tar_next(&c, &header)) {
		bool extends = header.type && strchr("xgXLK", header.type);
		uint64_t size = content_size(&header, NULL);
		struct span content = span_slice(bytes, header.data, size);
		if (!extends && has_size_of_next && content_size(&header, NULL) > 0)
			size = size_of_next;
		if (header.type == 'x' && tar_pax_size(content, &size_of_next))
			has_size_of_next = true;
		else if (!extends)
			has_size_of_next = false;
		entries++;
		if (cursor_left(&c) < size) {
			cursor_seek(&c, bytes.size);
			break;
		}
		cursor_skip(&c, size);
		if (cursor_left(&c) < TAR_BLOCK)
			cursor_seek(&c, bytes.size);
		else
			cursor_align(&c, TAR_BLOCK);
	}
	if (entries == 0)
		return NOT_THIS;
	out->size = end_of_archive(bytes, c.at);
	out->bits = entries > 1 ? 96 : 64;
	return DONE;
}

static enum outcome read_sparse(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	(void)out;
	notes_add(reader->notes, NOTE_WARNING, "tar.sparse", entry->offset, "%.*s is stored as a sparse file",
		  SPAN_FORMAT(entry->path));
	return UNSUPPORTED;
}

const struct unpacker unpacker_tar = {
	.name = "tar",
	.title = "tar archive",
	.role = ROLE_ARCHIVE,
	.stored = true,
	.magics = { MAGIC("ustar", 257) },
	.measure = measure,
	.list = list,
	.read = read_sparse,
};
