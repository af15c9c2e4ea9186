#define _POSIX_C_SOURCE 200809L
#include "vuln/build.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "evidence/query.h"
#include "vuln/feed.h"
#include "vuln/feed_files.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"
#include "vuln/store_compare.h"

enum { NESTING_MAX = 3, READ_SIZE = 256 * 1024, REMARKS_MAX = 20, NAME_SIZE = 256 };
#define DOCUMENT_SIZE_MAX ((size_t)2 * 1024 * 1024 * 1024 - 1)

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
	switch (feed_lines_kind(bytes)) {
	case LINES_COMPONENTS:
		return feed_components(builder, bytes);
	case LINES_UBUNTU:
		return feed_ubuntu(builder, bytes);
	case LINES_KERNEL:
		return feed_kernel(builder, bytes);
	default:
		return NOT_THIS;
	}
}

enum outcome feed_document(struct builder *builder, struct span name, struct span bytes)
{
	struct span head = span_slice(bytes, 0, 1024), start = span_trim(head);
	if (span_starts_text(head, "#model_version") || span_starts_text(head, "cve,epss"))
		return feed_epss(builder, bytes);
	if (span_starts_text(head, "cve\tsource_package\trelease\tfixed_version\tadvisory\tdate"))
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
	struct builder *builder;
	struct buffer bytes;
	size_t read, unknown, broken;
	char first_broken[NAME_SIZE]; /* its name */
};

/* Many records in one document, which counts whole or not at all; one of a single record states nothing before it is parsed. */
static enum outcome read_marked(struct builder *builder, struct span name, struct span bytes)
{
	struct span head = span_slice(bytes, 0, 1024);
	bool single = span_byte(span_trim(head), 0) == '{' && span_find_text(name, ".jsonl", 0) == SPAN_NOT_FOUND &&
		      span_find_text(head, "\"NVD_CVE\"", 0) == SPAN_NOT_FOUND;
	if (single)
		return feed_document(builder, name, bytes);
	TRY(builder_mark(builder, 1));
	enum outcome outcome = feed_document(builder, name, bytes);
	bool broken = outcome == MALFORMED || outcome == OVER_BUDGET;
	TRY(broken ? builder_undo(builder, 1) : builder_keep(builder, 1));
	return outcome;
}

static enum outcome read_document(struct tally *tally, struct span name)
{
	enum outcome outcome = read_marked(tally->builder, name, buffer_span(&tally->bytes));
	bool broken = outcome == MALFORMED || outcome == OVER_BUDGET;
	if (broken && tally->broken++ == 0)
		(void)snprintf(tally->first_broken, NAME_SIZE, "%.*s", SPAN_FORMAT(span_basename(name)));
	tally->read += outcome == DONE;
	tally->unknown += outcome == NOT_THIS;
	return broken || outcome == NOT_THIS ? DONE : outcome;
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

static enum outcome read_archive(struct tally *tally, struct archive *archive, struct span file, int depth);

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

/* Copies what is left of an entry behind what is there into a file without a name, so that it needs no memory. */
static enum outcome spool(struct archive *archive, struct buffer *bytes, FILE *spool)
{
	for (bool end = false; !end;) {
		if (fwrite(bytes->data, 1, bytes->size, spool) != bytes->size)
			return MALFORMED;
		buffer_clear(bytes);
		TRY(read_some(archive, bytes, &end));
	}
	return fflush(spool) == 0 && fseek(spool, 0, SEEK_SET) == 0 ? DONE : MALFORMED;
}

/* An archive within: a zip of a zip, a tar of packed files. */
static enum outcome read_inner(struct tally *tally, struct archive *outer, struct span name, int depth)
{
	FILE *file = tmpfile();
	struct archive *archive = file ? new_archive() : NULL;
	enum outcome outcome = archive ? spool(outer, &tally->bytes, file) : NO_MEMORY;
	if (outcome == DONE)
		outcome = archive_read_open_FILE(archive, file) == ARCHIVE_OK ? read_archive(tally, archive, name, depth + 1)
									      : MALFORMED;
	if (archive)
		(void)archive_read_free(archive);
	if (file)
		(void)fclose(file);
	return outcome;
}

static enum outcome read_entry(struct tally *tally, struct archive *archive, struct span name, int depth)
{
	bool end = false;
	buffer_clear(&tally->bytes);
	TRY(read_some(archive, &tally->bytes, &end));
	if (depth < NESTING_MAX && is_packed(buffer_span(&tally->bytes)))
		return read_inner(tally, archive, name, depth);
	while (!end)
		TRY(read_some(archive, &tally->bytes, &end));
	return read_document(tally, name);
}

static enum outcome read_archive(struct tally *tally, struct archive *archive, struct span file, int depth)
{
	struct archive_entry *entry;
	int result;
	while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		char name[NAME_SIZE];
		bool raw = archive_format(archive) == ARCHIVE_FORMAT_RAW;
		if (!raw && archive_entry_filetype(entry) != AE_IFREG)
			continue;
		const char *path = raw ? NULL : archive_entry_pathname(entry);
		struct span base = raw || !path ? file : span_basename(span_of_text(path));
		(void)snprintf(name, sizeof name, "%.*s", SPAN_FORMAT(base));
		TRY(read_entry(tally, archive, span_of_text(name), depth));
	}
	return result == ARCHIVE_EOF ? DONE : MALFORMED;
}

/* A file that cannot be read to its end counts for nothing. */
static enum outcome read_file(struct tally *tally, const char *path)
{
	struct archive *archive = new_archive();
	if (!archive)
		return NO_MEMORY;
	TRY(builder_mark(tally->builder, 0));
	enum outcome outcome = MALFORMED;
	if (archive_read_open_filename(archive, path, READ_SIZE) == ARCHIVE_OK)
		outcome = read_archive(tally, archive, span_basename(span_of_text(path)), 0);
	(void)archive_read_free(archive);
	if (outcome == OVER_BUDGET)
		outcome = MALFORMED;
	TRY(outcome == DONE ? builder_keep(tally->builder, 0) : builder_undo(tally->builder, 0));
	return outcome;
}

/* What is told of files: each kind of remark by name for the first of them, then as a number. */
struct remarks {
	struct notes *notes;
	size_t refused, unknown, feeds;
};

static void remark(struct remarks *remarks, const struct tally *tally, enum outcome outcome)
{
	struct notes *notes = remarks->notes;
	bool refused = outcome != DONE || tally->broken > 0;
	if (outcome == DONE && tally->read > 0)
		remarks->feeds++;
	if (refused && remarks->refused++ < REMARKS_MAX) {
		if (outcome != DONE)
			notes_add(notes, NOTE_WARNING, "feed.unreadable", NOTE_NO_OFFSET,
				  "was left out whole: it is damaged or cut off (%s)", outcome_name(outcome));
		else if (tally->read + tally->unknown == 0 && tally->broken == 1)
			notes_add(notes, NOTE_WARNING, "feed.bad-record", NOTE_NO_OFFSET,
				  "was left out whole: it is damaged, cut off or in part of another form");
		else
			notes_add(notes, NOTE_WARNING, "feed.bad-record", NOTE_NO_OFFSET,
				  "%zu of its documents, %s the first, were left out whole: damaged or of another form",
				  tally->broken, tally->first_broken);
	}
	if (!refused && tally->read == 0 && remarks->unknown++ < REMARKS_MAX)
		notes_add(notes, NOTE_INFO, "feed.unknown", NOTE_NO_OFFSET, "is no feed that is read");
}

static void remark_rest(const struct remarks *remarks, const struct feed_files *files)
{
	struct notes *notes = remarks->notes;
	notes->path = SPAN_NONE;
	if (remarks->refused > REMARKS_MAX)
		notes_add(notes, NOTE_WARNING, "feed.bad-record", NOTE_NO_OFFSET, "%zu further files were left out whole",
			  remarks->refused - REMARKS_MAX);
	if (remarks->unknown > REMARKS_MAX)
		notes_add(notes, NOTE_INFO, "feed.unknown", NOTE_NO_OFFSET, "%zu further files are no feed that is read",
			  remarks->unknown - REMARKS_MAX);
	if (files->repeated > 0)
		notes_add(notes, NOTE_INFO, "feed.repeated", NOTE_NO_OFFSET, "%zu files are the same as others, and were read once",
			  files->repeated);
}

static enum outcome read_files(const struct build_plan *plan, struct builder *builder, const struct feed_files *files)
{
	struct remarks remarks = { .notes = builder_notes(builder) };
	struct tally tally = { .builder = builder };
	enum outcome outcome = DONE;
	buffer_init(&tally.bytes, DOCUMENT_SIZE_MAX, NULL);
	for (size_t i = 0; outcome == DONE && i < files->count; i++) {
		const char *path = files->all[i].path;
		if (plan->progress)
			plan->progress(plan->context, path, i, files->count);
		remarks.notes->path = arena_copy(remarks.notes->arena, span_basename(span_of_text(path)));
		tally.read = tally.unknown = tally.broken = 0;
		outcome = read_file(&tally, path);
		remark(&remarks, &tally, outcome);
		outcome = outcome == MALFORMED ? DONE : outcome;
	}
	buffer_done(&tally.bytes);
	remark_rest(&remarks, files);
	return outcome == DONE && remarks.feeds == 0 ? NOT_THIS : outcome;
}

/* Into an empty file, which is taken away again where the store does not come to be. */
static enum outcome build_files(const struct build_plan *plan, struct feed_files *files, struct notes *notes)
{
	struct builder *builder;
	(void)truncate(plan->path, 0);
	enum outcome outcome = builder_new(plan->path, notes, &builder);
	if (outcome != DONE) {
		notes_add(notes, NOTE_ERROR, "store.unwritable", NOTE_NO_OFFSET, "%s cannot be written", plan->path);
		return outcome;
	}
	outcome = read_files(plan, builder, files);
	if (outcome == DONE)
		outcome = builder_merge(builder, plan->base);
	if (outcome == DONE)
		outcome = builder_finish(builder);
	else
		builder_abandon(builder);
	if (outcome == DONE && plan->previous)
		outcome = store_compare(plan->previous, plan->path, notes);
	if (outcome != DONE)
		(void)unlink(plan->path);
	return outcome;
}

enum outcome store_build(const struct build_plan *plan, struct notes *notes)
{
	struct feed_files files = { 0 };
	enum outcome outcome = DONE;
	for (size_t i = 0; outcome == DONE && i < plan->directory_count; i++) {
		if (feed_files_add(&files, plan->directories[i], notes))
			continue;
		notes_add(notes, NOTE_ERROR, "store.no-folder", NOTE_NO_OFFSET, "%s: %s", plan->directories[i], strerror(errno));
		outcome = MALFORMED;
	}
	feed_files_order(&files);
	if (outcome == DONE)
		outcome = build_files(plan, &files, notes);
	feed_files_done(&files);
	return outcome;
}
