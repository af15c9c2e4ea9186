#define _POSIX_C_SOURCE 200809L
#include "vuln/feed_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NESTING_MAX = 4, READ_SIZE = 256 * 1024, HEAD_SIZE = 512 };

/* An archive that is being read, and the file that it lies in. */
struct opened {
	struct archive *archive;
	FILE *file;
	char name[FEED_NAME_SIZE]; /* of what it holds, where that has none of its own */
};

struct feed_source {
	const struct feed_files *files;
	size_t next; /* file to begin with */
	bool within; /* a file has begun and not ended */
	enum outcome opened; /* of that file */
	int plain; /* descriptor of a file that is one document; negative for none */
	struct opened stack[NESTING_MAX];
	size_t depth;
};

struct feed_source *feed_source_new(const struct feed_files *files)
{
	struct feed_source *source = calloc(1, sizeof *source);
	if (!source)
		return NULL;
	source->files = files;
	source->plain = -1;
	return source;
}

static void close_opened(struct opened *opened)
{
	if (opened->archive)
		(void)archive_read_free(opened->archive);
	if (opened->file)
		(void)fclose(opened->file);
	*opened = (struct opened){ 0 };
}

static void close_all(struct feed_source *source)
{
	while (source->depth > 0)
		close_opened(&source->stack[--source->depth]);
	if (source->plain >= 0)
		(void)close(source->plain);
	source->plain = -1;
}

void feed_source_free(struct feed_source *source)
{
	if (source)
		close_all(source);
	free(source);
}

static struct archive *new_archive(void)
{
	struct archive *archive = archive_read_new();
	if (!archive)
		return NULL;
	(void)archive_read_support_filter_all(archive);
	(void)archive_read_support_format_tar(archive);
	(void)archive_read_support_format_zip(archive);
	(void)archive_read_support_format_raw(archive);
	return archive;
}

/* Takes the file over, whatever comes back. */
static bool push(struct feed_source *source, FILE *file, const char *name)
{
	struct opened opened = { .archive = new_archive(), .file = file };
	(void)snprintf(opened.name, sizeof opened.name, "%s", name);
	if (!opened.archive || archive_read_open_FILE(opened.archive, file) != ARCHIVE_OK) {
		close_opened(&opened);
		return false;
	}
	source->stack[source->depth++] = opened;
	return true;
}

/* Text has none of the control characters that every packed form and archive has in its first block. */
static bool is_text(struct span head)
{
	for (size_t i = 0; i < head.size; i++) {
		uint8_t c = span_byte(head, i);
		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return false;
	}
	return true;
}

static bool is_packed(struct span head)
{
	static const struct {
		const char *magic;
		size_t size;
	} forms[] = { { "PK\3\4", 4 }, { "\x1f\x8b", 2 }, { "\x28\xb5\x2f\xfd", 4 }, { "\xfd" "7zXZ", 5 }, { "BZh", 3 } };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (span_starts(head, span_of(forms[i].magic, forms[i].size)))
			return true;
	return span_has_at(head, 257, SPAN_LITERAL("ustar"));
}

static enum outcome open_file(struct feed_source *source, const char *path, const char *name)
{
	uint8_t head[HEAD_SIZE];
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = descriptor < 0 ? -1 : pread(descriptor, head, sizeof head, 0);
	if (size >= 0 && is_text(span_of(head, (size_t)size))) {
		source->plain = descriptor;
		return DONE;
	}
	FILE *file = size < 0 ? NULL : fdopen(descriptor, "rb");
	if (!file && descriptor >= 0)
		(void)close(descriptor);
	return file && push(source, file, name) ? DONE : MALFORMED;
}

static enum outcome read_plain(struct feed_source *source, struct buffer *bytes)
{
	ssize_t got = 1;
	while (got > 0) {
		TRY(buffer_reserve(bytes, READ_SIZE));
		got = read(source->plain, bytes->data + bytes->size, READ_SIZE);
		bytes->size += got > 0 ? (size_t)got : 0;
	}
	return got == 0 ? DONE : MALFORMED;
}

/* Reads up to that size more; *end says that there is nothing behind it. */
static enum outcome read_some(struct archive *archive, struct buffer *out, bool *end)
{
	TRY(buffer_reserve(out, READ_SIZE));
	la_ssize_t got = archive_read_data(archive, out->data + out->size, READ_SIZE);
	if (got < 0)
		return MALFORMED;
	out->size += (size_t)got;
	*end = got == 0;
	return DONE;
}

/* Copies what is left of an entry, behind what is there from the offset on, into a file without a name. */
static enum outcome spool(struct archive *archive, struct buffer *bytes, size_t offset, FILE *out)
{
	for (bool end = false; !end;) {
		size_t size = bytes->size - offset;
		if (fwrite(bytes->data + offset, 1, size, out) != size)
			return MALFORMED;
		bytes->size = offset;
		TRY(read_some(archive, bytes, &end));
	}
	return fflush(out) == 0 && fseek(out, 0, SEEK_SET) == 0 ? DONE : MALFORMED;
}

static enum outcome push_inner(struct feed_source *source, struct archive *outer, struct buffer *bytes,
			       const struct feed_event *entry)
{
	FILE *file = tmpfile();
	if (!file)
		return NO_MEMORY;
	enum outcome outcome = spool(outer, bytes, entry->offset, file);
	if (outcome != DONE) {
		(void)fclose(file);
		return outcome;
	}
	return push(source, file, entry->name) ? DONE : MALFORMED;
}

static void name_event(struct feed_event *event, struct span name)
{
	(void)snprintf(event->name, sizeof event->name, "%.*s", SPAN_FORMAT(name));
}

static struct span file_name(const struct feed_source *source)
{
	return span_basename(span_of_text(source->files->all[source->next - 1].path));
}

/* An entry: NOT_THIS where it was an archive, which is read next, or no file. */
static enum outcome read_entry(struct feed_source *source, const struct opened *opened, struct archive_entry *entry,
			       struct buffer *bytes, struct feed_event *out)
{
	struct archive *archive = opened->archive;
	bool raw = archive_format(archive) == ARCHIVE_FORMAT_RAW, end = false;
	if (!raw && archive_entry_filetype(entry) != AE_IFREG)
		return NOT_THIS;
	const char *path = raw ? NULL : archive_entry_pathname(entry);
	out->offset = bytes->size;
	name_event(out, path ? span_basename(span_of_text(path)) : span_of_text(opened->name));
	TRY(read_some(archive, bytes, &end));
	if (source->depth < NESTING_MAX && is_packed(span_from(buffer_span(bytes), out->offset))) {
		TRY(push_inner(source, archive, bytes, out));
		return NOT_THIS;
	}
	while (!end)
		TRY(read_some(archive, bytes, &end));
	return DONE;
}

/* The next document of the file; NOT_THIS at its end. */
static enum outcome next_document(struct feed_source *source, struct buffer *bytes, struct feed_event *out)
{
	out->offset = bytes->size;
	if (source->plain >= 0) {
		name_event(out, file_name(source));
		enum outcome outcome = read_plain(source, bytes);
		close_all(source);
		return outcome;
	}
	while (source->depth > 0) {
		const struct opened *opened = &source->stack[source->depth - 1];
		struct archive_entry *entry;
		int result = archive_read_next_header(opened->archive, &entry);
		if (result == ARCHIVE_EOF) {
			close_opened(&source->stack[--source->depth]);
			continue;
		}
		enum outcome outcome = result == ARCHIVE_OK ? read_entry(source, opened, entry, bytes, out) : MALFORMED;
		if (outcome != NOT_THIS)
			return outcome;
	}
	return NOT_THIS;
}

bool feed_source_next(struct feed_source *source, struct buffer *bytes, struct feed_event *out)
{
	*out = (struct feed_event){ .file = source->next };
	if (!source->within) {
		if (source->next == source->files->count)
			return false;
		source->next++;
		source->within = true;
		name_event(out, file_name(source));
		source->opened = open_file(source, source->files->all[out->file].path, out->name);
		return true; /* it begins */
	}
	out->file = source->next - 1;
	enum outcome outcome = source->opened == DONE ? next_document(source, bytes, out) : source->opened;
	if (outcome == DONE) {
		out->kind = FEED_DOCUMENT;
		out->size = bytes->size - out->offset;
		return true;
	}
	if (source->opened == DONE)
		bytes->size = out->offset;
	close_all(source);
	source->within = false;
	out->kind = FEED_FILE_ENDS;
	out->outcome = outcome == NOT_THIS ? DONE : outcome == OVER_BUDGET ? MALFORMED : outcome;
	return true;
}
