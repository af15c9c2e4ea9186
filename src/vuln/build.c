#define _POSIX_C_SOURCE 200809L
#include "vuln/build.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"

enum { DEPTH_MAX = 6, FILES_MAX = 100000, READ_SIZE = 256 * 1024 };
#define DOCUMENT_SIZE_MAX ((size_t)2 * 1024 * 1024 * 1024 - 1)

struct files {
	char **paths;
	size_t count, capacity;
};

static void files_done(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
}

static bool files_add(struct files *files, char *path)
{
	if (files->count == files->capacity) {
		size_t capacity = files->capacity ? files->capacity * 2 : 64;
		char **grown = capacity <= FILES_MAX * 2 ? realloc(files->paths, capacity * sizeof *grown) : NULL;
		if (!grown) {
			free(path);
			return false;
		}
		files->paths = grown;
		files->capacity = capacity;
	}
	files->paths[files->count++] = path;
	return true;
}

static char *join(const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 2;
	char *path = malloc(size);
	if (path)
		(void)snprintf(path, size, "%s/%s", folder, name);
	return path;
}

/* Gathers the regular files below a folder; false with errno set where it cannot be read. */
static bool files_below(struct files *files, const char *folder, int depth)
{
	DIR *directory = opendir(folder);
	if (!directory)
		return false;
	struct dirent *entry;
	while ((entry = readdir(directory))) {
		if (span_byte(span_of_text(entry->d_name), 0) == '.')
			continue;
		struct stat status;
		char *path = join(folder, entry->d_name);
		bool known = path && stat(path, &status) == 0;
		if (known && S_ISREG(status.st_mode)) {
			if (!files_add(files, path))
				break;
			continue;
		}
		if (known && S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
			(void)files_below(files, path, depth + 1);
		free(path);
	}
	(void)closedir(directory);
	return true;
}

static int compare_paths(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

static enum outcome feed_object(struct builder *builder, struct span name, struct span bytes)
{
	struct json_object *object = feed_json_parse(bytes);
	if (!object)
		return MALFORMED;
	enum outcome outcome = NOT_THIS;
	if (feed_json_member(object, "containers"))
		outcome = feed_cve5(builder, object);
	else if (feed_json_member(object, "cve"))
		outcome = feed_nvd_override(builder, object, name);
	else if (feed_json_member(object, "schema_version") || feed_json_member(object, "affected"))
		outcome = feed_osv_json(builder, object);
	(void)json_object_put(object);
	return outcome;
}

/* Facts in lines are told apart by what the first of them has. */
static enum outcome feed_json_lines(struct builder *builder, struct span bytes)
{
	if (feed_lines_have(bytes, "comp"))
		return feed_components(builder, bytes);
	if (feed_lines_have(bytes, "packages"))
		return feed_ubuntu(builder, bytes);
	return feed_lines_have(bytes, "affected_versions") ? feed_kernel(builder, bytes) : NOT_THIS;
}

enum outcome feed_document(struct builder *builder, struct span name, struct span bytes)
{
	struct span head = span_slice(bytes, 0, 1024), start = span_trim(head);
	if (span_starts_text(head, "#model_version") || span_starts_text(head, "cve,epss"))
		return feed_epss(builder, bytes);
	if (span_starts_text(head, "cve\tsource_package\trelease\tfixed_version\t"))
		return feed_debian(builder, bytes);
	if (span_starts_text(head, "cve\tpatch_level\tbulletin\t"))
		return feed_android(builder, bytes);
	if (span_find_text(name, ".jsonl", 0) != SPAN_NOT_FOUND)
		return feed_json_lines(builder, bytes);
	if (span_ends_text(name, ".yaml") || span_ends_text(name, ".yml"))
		return feed_osv_yaml(builder, bytes);
	if (span_byte(start, 0) != '{')
		return NOT_THIS;
	if (span_find_text(head, "\"NVD_CVE\"", 0) != SPAN_NOT_FOUND)
		return feed_nvd_page(builder, bytes);
	if (span_find_text(head, "\"catalogVersion\"", 0) != SPAN_NOT_FOUND)
		return feed_kev(builder, bytes);
	return feed_object(builder, name, bytes);
}

/* What came of a file's documents. */
struct tally {
	size_t read, unknown, broken;
};

static enum outcome count(struct tally *tally, enum outcome outcome)
{
	tally->read += outcome == DONE;
	tally->unknown += outcome == NOT_THIS;
	tally->broken += outcome == MALFORMED;
	return outcome == NOT_THIS || outcome == MALFORMED ? DONE : outcome;
}

static enum outcome read_all(struct archive *archive, struct buffer *out)
{
	buffer_clear(out);
	for (;;) {
		TRY(buffer_reserve(out, READ_SIZE));
		la_ssize_t got = archive_read_data(archive, out->data + out->size, READ_SIZE);
		if (got < 0)
			return MALFORMED;
		if (got == 0)
			return DONE;
		out->size += (size_t)got;
	}
}

static enum outcome read_entries(struct builder *builder, struct archive *archive, struct span file,
				 struct buffer *bytes, struct tally *tally)
{
	struct archive_entry *entry;
	int result;
	while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		bool raw = archive_format(archive) == ARCHIVE_FORMAT_RAW;
		if (!raw && archive_entry_filetype(entry) != AE_IFREG)
			continue;
		struct span name = raw ? file : span_of_text(archive_entry_pathname(entry));
		enum outcome outcome = read_all(archive, bytes);
		if (outcome == DONE)
			outcome = feed_document(builder, name, buffer_span(bytes));
		TRY(count(tally, outcome));
	}
	return result == ARCHIVE_EOF ? DONE : MALFORMED;
}

static enum outcome read_file(struct builder *builder, const char *path, struct tally *tally)
{
	struct archive *archive = archive_read_new();
	if (!archive)
		return NO_MEMORY;
	struct buffer bytes;
	buffer_init(&bytes, DOCUMENT_SIZE_MAX, NULL);
	(void)archive_read_support_filter_all(archive);
	(void)archive_read_support_format_tar(archive);
	(void)archive_read_support_format_zip(archive);
	(void)archive_read_support_format_raw(archive);
	enum outcome outcome = MALFORMED;
	if (archive_read_open_filename(archive, path, READ_SIZE) == ARCHIVE_OK)
		outcome = read_entries(builder, archive, span_of_text(path), &bytes, tally);
	(void)archive_read_free(archive);
	buffer_done(&bytes);
	return outcome;
}

static enum outcome read_files(const struct build_plan *plan, struct builder *builder, const struct files *files)
{
	struct notes *notes = builder_notes(builder);
	size_t feeds = 0;
	for (size_t i = 0; i < files->count; i++) {
		struct span base = arena_copy(notes->arena, span_basename(span_of_text(files->paths[i])));
		struct tally tally = { 0 };
		if (plan->progress)
			plan->progress(plan->context, files->paths[i], i, files->count);
		notes->path = base;
		enum outcome outcome = read_file(builder, files->paths[i], &tally);
		if (outcome == NO_MEMORY)
			return outcome;
		if (outcome != DONE)
			notes_add(notes, NOTE_WARNING, "feed.unreadable", NOTE_NO_OFFSET,
				  "could not be read to its end (%s)", outcome_name(outcome));
		if (tally.broken > 0)
			notes_add(notes, NOTE_WARNING, "feed.bad-record", NOTE_NO_OFFSET,
				  "%zu of its documents could not be read", tally.broken);
		if (tally.read == 0)
			notes_add(notes, NOTE_INFO, "feed.unknown", NOTE_NO_OFFSET, "is no feed that is read");
		feeds += tally.read > 0;
	}
	notes->path = SPAN_NONE;
	return feeds > 0 ? DONE : NOT_THIS;
}

/* Into an empty file, which is taken away again where the store does not come to be. */
static enum outcome build_files(const struct build_plan *plan, struct files *files, struct notes *notes)
{
	struct builder *builder;
	if (files->count > 0)
		qsort(files->paths, files->count, sizeof *files->paths, compare_paths);
	(void)truncate(plan->path, 0);
	enum outcome outcome = builder_new(plan->path, notes, &builder);
	if (outcome != DONE) {
		notes_add(notes, NOTE_ERROR, "store.unwritable", NOTE_NO_OFFSET, "%s cannot be written", plan->path);
		return outcome;
	}
	outcome = read_files(plan, builder, files);
	if (outcome == DONE)
		outcome = builder_finish(builder);
	else
		builder_abandon(builder);
	if (outcome != DONE)
		(void)unlink(plan->path);
	return outcome;
}

enum outcome store_build(const struct build_plan *plan, struct notes *notes)
{
	struct files files = { 0 };
	if (!files_below(&files, plan->directory, 0)) {
		notes_add(notes, NOTE_ERROR, "store.no-folder", NOTE_NO_OFFSET, "%s: %s", plan->directory,
			  strerror(errno));
		return MALFORMED;
	}
	enum outcome outcome = build_files(plan, &files, notes);
	files_done(&files);
	return outcome;
}
