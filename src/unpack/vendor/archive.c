/*
 * libarchive over memory. Only the one format that the volume has been recognised as
 * is enabled, and no filters, so that nothing is guessed and no program is ever run.
 */
#include "unpack/vendor/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/effort.h"
#include "unpack/tree.h"

/* How much is decompressed only to learn a size, in bytes. */
static const uint64_t UNKNOWN_SIZE_LIMIT = 256 * 1024 * 1024;

struct position {
	struct archive *archive;
	uint64_t next; /* number of the entry that comes next */
};

static void enable_format(struct archive *archive, const char *name)
{
	static const struct {
		const char *name;
		int (*enable)(struct archive *);
	} formats[] = {
		{ "7z", archive_read_support_format_7zip },
		{ "cab", archive_read_support_format_cab },
		{ "iso9660", archive_read_support_format_iso9660 },
		{ "lha", archive_read_support_format_lha },
		{ "old-cpio", archive_read_support_format_cpio },
		{ "rar", archive_read_support_format_rar },
		{ "rar", archive_read_support_format_rar5 },
		{ "zip", archive_read_support_format_zip },
	};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (span_equal_text(span_of_text(name), formats[i].name))
			(void)formats[i].enable(archive);
}

static struct archive *open_archive(const struct volume *volume)
{
	struct archive *archive = archive_read_new();
	if (!archive)
		return NULL;
	enable_format(archive, volume->unpacker->name);
	if (archive_read_open_memory(archive, volume->bytes.data, volume->bytes.size) != ARCHIVE_OK) {
		archive_read_free(archive);
		return NULL;
	}
	return archive;
}

static void note_failure(struct notes *notes, struct archive *archive, struct span path)
{
	const char *words = archive_error_string(archive);
	notes_add(notes, NOTE_WARNING, "archive.unreadable", NOTE_NO_OFFSET, "%.*s%s%s", SPAN_FORMAT(path),
		  path.size ? ": " : "", words ? words : "cannot be read");
}

/* Names are UTF-8 where the archive says so, else its bytes as they are. */
static struct span text_of(const char *utf8, const char *bytes)
{
	return span_of_text(utf8 ? utf8 : bytes);
}

/* Reads the content away to learn its size, where the archive does not tell. */
static uint64_t count_content(struct archive *archive)
{
	const void *block;
	size_t size;
	int64_t offset;
	uint64_t end = 0;
	while (end < UNKNOWN_SIZE_LIMIT &&
	       archive_read_data_block(archive, &block, &size, &offset) == ARCHIVE_OK)
		end = (uint64_t)offset + size;
	return end;
}

static enum outcome fill(struct entry *entry, struct listing *out, struct notes *notes, struct archive *archive,
			 struct archive_entry *from)
{
	struct span link = text_of(archive_entry_symlink_utf8(from), archive_entry_symlink(from));
	struct span path = text_of(archive_entry_pathname_utf8(from), archive_entry_pathname(from));
	entry->path = listing_clean_path(out->arena, path);
	if (!entry->path.data)
		return NO_MEMORY;
	listing_tell_escape(notes, path);
	if (!tree_set_mode(entry,
			   (uint32_t)archive_entry_filetype(from) | (uint32_t)archive_entry_perm(from)))
		entry->type = span_ends_text(path, "/") ? ENTRY_DIRECTORY : ENTRY_FILE;
	entry->uid = (uint32_t)archive_entry_uid(from);
	entry->gid = (uint32_t)archive_entry_gid(from);
	entry->mtime = (int64_t)archive_entry_mtime(from);
	entry->device_major = (uint32_t)archive_entry_rdevmajor(from);
	entry->device_minor = (uint32_t)archive_entry_rdevminor(from);
	if (entry->type == ENTRY_FILE && archive_entry_size_is_set(from))
		entry->size = archive_entry_size(from) > 0 ? (uint64_t)archive_entry_size(from) : 0;
	else if (entry->type == ENTRY_FILE)
		entry->size = count_content(archive);
	if (entry->type == ENTRY_LINK) {
		entry->target = arena_copy(out->arena, link);
		entry->size = link.size;
	}
	return DONE;
}

/* As libarchive's; it costs, and ends where nothing is done any more. */
static int next_header(struct archive *archive, struct archive_entry **out)
{
	enum { UNITS_PER_HEADER = 2000 };
	return effort_spend(UNITS_PER_HEADER) ? archive_read_next_header(archive, out) : ARCHIVE_FATAL;
}

/* A hard link has the content of an earlier entry, by name. */
static enum outcome remember_hard_link(struct tree_names *links, struct listing *out,
				       struct archive_entry *from)
{
	struct span name = text_of(archive_entry_hardlink_utf8(from), archive_entry_hardlink(from));
	return name.data ? tree_names_add(links, out, out->count - 1, name) : DONE;
}

static bool may_hold(struct archive_entry *from)
{
	struct span link = text_of(archive_entry_symlink_utf8(from), archive_entry_symlink(from));
	struct span hard = text_of(archive_entry_hardlink_utf8(from), archive_entry_hardlink(from));
	struct span path = text_of(archive_entry_pathname_utf8(from), archive_entry_pathname(from));
	return listing_may_hold(path, link) && listing_may_hold(path, hard);
}

static enum outcome list_all(struct volume *volume, struct archive *archive, struct listing *out)
{
	struct archive_entry *from;
	struct tree_names links = { 0 };
	bool encrypted = false;
	int result;
	for (uint64_t number = 0;
	     (result = next_header(archive, &from)) == ARCHIVE_OK || result == ARCHIVE_WARN;
	     number++) {
		struct entry *entry;
		if (!may_hold(from)) {
			TRY(listing_refuse(out));
			continue;
		}
		TRY(listing_add(out, &entry));
		entry->cookie = entry->offset = number;
		TRY(fill(entry, out, volume->notes, archive, from));
		TRY(remember_hard_link(&links, out, from));
		encrypted = encrypted || archive_entry_is_encrypted(from);
	}
	tree_names_resolve(&links, out, volume->notes, "archive.dangling-link");
	if (encrypted)
		notes_add(volume->notes, NOTE_WARNING, "archive.encrypted", NOTE_NO_OFFSET,
			  "some of its entries are encrypted");
	if (result == ARCHIVE_EOF)
		return DONE;
	if (out->count > 0 && effort_over())
		return OVER_BUDGET;
	if (out->count > 0) {
		const char *words = archive_error_string(archive);
		notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "archive.unreadable", NOTE_NO_OFFSET,
				 NOTE_NO_AMOUNT, "after %zu entries: %s", out->count, words ? words : "cannot be read");
		return PARTIAL;
	}
	note_failure(volume->notes, archive, SPAN_NONE);
	return archive_read_has_encrypted_entries(archive) > 0 ? UNSUPPORTED : MALFORMED;
}

enum outcome archive_list(struct volume *volume, struct listing *out)
{
	struct archive *archive = open_archive(volume);
	if (!archive)
		return NO_MEMORY;
	enum outcome outcome = list_all(volume, archive, out);
	archive_read_free(archive);
	return outcome;
}

enum outcome archive_open(struct reader *reader)
{
	reader->state = ARENA_NEW(reader->arena, struct position, 1);
	return reader->state ? DONE : NO_MEMORY;
}

void archive_close(struct reader *reader)
{
	struct position *position = reader->state;
	if (position && position->archive)
		archive_read_free(position->archive);
	if (position)
		position->archive = NULL;
}

static enum outcome go_to(struct reader *reader, uint64_t number, struct archive_entry **out)
{
	struct position *position = reader->state;
	if (position->archive && position->next > number)
		archive_close(reader);
	if (!position->archive) {
		position->archive = open_archive(reader->volume);
		position->next = 0;
	}
	if (!position->archive)
		return NO_MEMORY;
	while (position->next <= number) {
		int result = next_header(position->archive, out);
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return MALFORMED;
		position->next++;
	}
	return DONE;
}

/* Blocks may leave holes between them, which are zeros. */
static enum outcome read_blocks(struct archive *archive, uint64_t limit, struct buffer *out)
{
	size_t start = out->size;
	const void *block;
	size_t size;
	int64_t offset;
	int result;
	bool whole = true;
	while ((result = archive_read_data_block(archive, &block, &size, &offset)) == ARCHIVE_OK ||
	       (result == ARCHIVE_WARN && size > 0)) {
		/* Of content, libarchive warns where a checksum or a size does not hold. */
		whole &= result == ARCHIVE_OK;
		size_t have = out->size - start;
		if (offset < 0 || (uint64_t)offset < have ||
		    !span_covers(span_of(NULL, limit), (uint64_t)offset, size))
			return MALFORMED;
		TRY(buffer_append_zeros(out, (uint64_t)offset - have));
		TRY(buffer_append(out, span_of(block, size)));
	}
	if (result != ARCHIVE_EOF)
		return MALFORMED;
	/* A hole at the end. */
	TRY(buffer_append_zeros(out, limit - (out->size - start)));
	return whole ? DONE : MALFORMED;
}

enum outcome archive_read(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	struct position *position = reader->state;
	struct archive_entry *from = NULL;
	enum outcome outcome = go_to(reader, entry->cookie, &from);
	if (outcome == DONE && archive_entry_is_encrypted(from)) {
		notes_add(reader->notes, NOTE_INFO, "archive.encrypted", NOTE_NO_OFFSET, "%.*s is encrypted",
			  SPAN_FORMAT(entry->path));
		return UNSUPPORTED;
	}
	if (outcome == DONE)
		outcome = read_blocks(position->archive, entry->size, out);
	if (outcome == MALFORMED)
		note_failure(reader->notes, position->archive, entry->path);
	if (outcome != DONE)
		archive_close(reader);
	return outcome;
}
