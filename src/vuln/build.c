#define _POSIX_C_SOURCE 200809L
#include "vuln/build.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scoped.h"
#include "base/workers.h"
#include "vuln/feed_batch.h"
#include "vuln/seal.h"
#include "vuln/store_compare.h"
#include "vuln/store_writer.h"

enum { DAY_SECONDS = 24 * 60 * 60, DAY_LENGTH = 10 };
enum { REMARKS_MAX = 20, NAME_SIZE = 256, BATCHES_AHEAD = 8 };
#define BYTES_AHEAD ((size_t)64 * 1024 * 1024)

/* What came of a file's documents. */
struct tally {
	size_t read, unknown, broken;
	char first_broken[NAME_SIZE]; /* its name */
	char fault[NAME_SIZE];        /* what is wrong with it, and where; empty where that is not known */
};

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
				  "was left out whole: %s",
				  tally->fault[0] ? tally->fault : "it is damaged, cut off or in part of another form");
		else
			notes_add(notes, NOTE_WARNING, "feed.bad-record", NOTE_NO_OFFSET,
				  "%zu of its documents, %s the first, were left out whole: %s", tally->broken, tally->first_broken,
				  tally->fault[0] ? tally->fault : "damaged or of another form");
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

/* The batches of one build, as they come back in their order. */
struct reading {
	const struct build_plan *plan;
	const struct feed_files *files;
	struct feed_source *source;
	struct store_writer *writer;
	struct remarks remarks;
	struct tally tally;   /* of the file under way */
	bool marked, skipped; /* it can be undone; nothing of it counts */
	enum outcome outcome; /* the first that ends the build */
};

/* How a file ends, as far as the batch knows; NOT_THIS where it goes on behind it. */
static enum outcome ending_of(const struct feed_batch *batch, size_t from)
{
	for (size_t i = from; i < batch->count; i++)
		if (batch->all[i].event.kind == FEED_FILE_ENDS)
			return batch->all[i].event.outcome;
	return NOT_THIS;
}

static void begin_file(struct reading *r, const struct feed_read *read, enum outcome ending)
{
	struct notes *notes = r->remarks.notes;
	const char *path = r->files->all[read->event.file].path;
	if (r->plan->progress)
		r->plan->progress(r->plan->context, path, read->event.file, r->files->count);
	notes->path = arena_copy(notes->arena, span_basename(span_of_text(path)));
	r->tally = (struct tally){ 0 };
	r->marked = ending == NOT_THIS;
	r->skipped = ending != NOT_THIS && ending != DONE;
	if (r->marked)
		store_writer_mark(r->writer);
}

static void name_fault(struct tally *tally, const struct feed_read *read)
{
	(void)snprintf(tally->first_broken, NAME_SIZE, "%s", read->event.name);
	if (read->wrong)
		(void)snprintf(tally->fault, NAME_SIZE, "byte %zu: %s", read->place, read->wrong);
}

static enum outcome take_document(struct reading *r, const struct feed_batch *batch, const struct feed_read *read)
{
	struct tally *tally = &r->tally;
	enum outcome outcome = read->outcome;
	bool broken = outcome == MALFORMED || outcome == OVER_BUDGET;
	if (broken && tally->broken++ == 0)
		name_fault(tally, read);
	tally->read += outcome == DONE;
	tally->unknown += outcome == NOT_THIS;
	if (outcome == DONE && !r->skipped)
		return store_writer_take(r->writer, span_slice(buffer_span(&batch->facts), read->start, read->size));
	return broken || outcome == NOT_THIS ? DONE : outcome;
}

/* For the manifest: what the file was, and what became of it. */
static enum outcome account_for(struct reading *r, size_t number, enum outcome outcome)
{
	const struct tally *tally = &r->tally;
	const struct feed_file *file = &r->files->all[number];
	return store_writer_input(r->writer, &(struct manifest_input){
		.name = span_basename(span_of_text(file->path)),
		.digest = span_of(file->digest, sizeof file->digest),
		.size = file->size,
		.documents = outcome == DONE ? tally->read : 0,
		.left_out = tally->broken + tally->unknown,
		.why = outcome != DONE ? SPAN_LITERAL("damaged or cut off: left out whole")
		     : tally->broken > 0 ? SPAN_LITERAL("damaged, cut off or in part of another form")
		     : tally->unknown == 0 ? SPAN_NONE
		     : tally->read > 0 ? SPAN_LITERAL("in part no feed that is read") : SPAN_LITERAL("no feed that is read") });
}

/* A file that cannot be read to its end counts for nothing. */
static enum outcome end_file(struct reading *r, size_t number, enum outcome outcome)
{
	bool usual = outcome == DONE || outcome == MALFORMED;
	if (r->marked && outcome == DONE)
		TRY(store_writer_keep(r->writer));
	else if (r->marked)
		store_writer_undo(r->writer);
	remark(&r->remarks, &r->tally, outcome);
	return usual ? account_for(r, number, outcome) : outcome;
}

static enum outcome take_batch(struct reading *r, const struct feed_batch *batch)
{
	if (!batch)
		return NO_MEMORY;
	TRY(batch->outcome);
	for (size_t i = 0; i < batch->count; i++) {
		const struct feed_read *read = &batch->all[i];
		if (read->event.kind == FEED_FILE_BEGINS)
			begin_file(r, read, ending_of(batch, i));
		else if (read->event.kind == FEED_DOCUMENT)
			TRY(take_document(r, batch, read));
		else
			TRY(end_file(r, read->event.file, read->event.outcome));
	}
	return DONE;
}

static void deliver(void *context, size_t job, void *result)
{
	struct reading *r = context;
	(void)job;
	if (r->outcome == DONE)
		r->outcome = take_batch(r, result);
	feed_batch_free(result);
}

static bool fetch(void *context, void *worker, size_t job)
{
	struct reading *r = context;
	(void)job;
	return feed_reader_fetch(worker, r->source);
}

static void *read_batch(void *context, void *worker, size_t job)
{
	(void)context;
	(void)job;
	return feed_reader_read(worker);
}

static size_t weigh(void *context, void *result)
{
	const struct feed_batch *batch = result;
	(void)context;
	return batch ? batch->facts.size : 0;
}

static void *open_reader(void *context)
{
	(void)context;
	return feed_reader_new();
}

static void close_reader(void *context, void *worker)
{
	(void)context;
	feed_reader_free(worker);
}

static enum outcome read_files(const struct build_plan *plan, struct store_writer *writer, const struct feed_files *files)
{
	struct reading r = { .plan = plan, .files = files, .source = feed_source_new(files), .writer = writer,
			     .remarks.notes = store_writer_notes(writer) };
	unsigned threads = workers_available();
	const struct workers_plan crew = {
		.threads = plan->threads ? plan->threads : threads, .ahead = BATCHES_AHEAD, .bytes_ahead = BYTES_AHEAD,
		.context = &r, .worker_open = open_reader, .worker_close = close_reader, .fetch = fetch, .run = read_batch,
		.weigh = weigh, .deliver = deliver,
	};
	enum outcome outcome = r.source ? workers_run(&crew) : NO_MEMORY;
	feed_source_free(r.source);
	if (outcome == DONE)
		outcome = r.outcome;
	remark_rest(&r.remarks, files);
	if (outcome == DONE && store_writer_lacks(writer) && !plan->lenient)
		outcome = MALFORMED;
	return outcome == DONE && r.remarks.feeds == 0 ? NOT_THIS : outcome;
}

/* Into an empty file, which is taken away again where the store does not come to be. */
static enum outcome build_files(const struct build_plan *plan, struct feed_files *files, struct notes *notes)
{
	struct builder *builder;
	SCOPED(buffer) manifest = { 0 };
	buffer_init(&manifest, SEAL_MANIFEST_MAX, NULL);
	(void)truncate(plan->path, 0);
	enum outcome outcome = builder_new(plan->path, notes, &builder);
	if (outcome != DONE) {
		notes_add(notes, NOTE_ERROR, "store.unwritable", NOTE_NO_OFFSET, "%s cannot be written", plan->path);
		return outcome;
	}
	char latest[21];
	clock_format_utc(clock_latest_time() + DAY_SECONDS, latest);
	latest[DAY_LENGTH] = '\0';
	store_writer_until(builder_writer(builder), latest);
	store_writer_manifest_into(builder_writer(builder), &manifest);
	outcome = read_files(plan, builder_writer(builder), files);
	if (outcome == DONE)
		outcome = store_writer_merge(builder_writer(builder), plan->base);
	if (outcome == DONE)
		outcome = builder_finish(builder);
	else
		builder_abandon(builder);
	if (outcome == DONE)
		outcome = seal_append(plan->path, buffer_span(&manifest));
	if (outcome == DONE && plan->previous)
		outcome = store_compare_files(plan->previous, plan->path, notes);
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
