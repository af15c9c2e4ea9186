#include "engine/survey.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/workers.h"
#include "engine/artifact.h"
#include "engine/batch.h"
#include "engine/examine.h"
#include "engine/tally.h"
#include "engine/volume-row.h"
#include "evidence/query.h"
#include "unpack/registry.h"

enum { ARENA_CEILING = 1 << 30, JOB_CEILING = 256 << 20, IMAGE_VOLUME = 1 };

/* Everything of one run. */
struct survey {
	const struct program *program;
	const struct survey_options *options;
	struct evidence *evidence;
	struct effort effort;       /* of the walk, and then of concluding */
	struct budget budget, left; /* of the walk; and what it left, for the workers to share */
	struct arena arena;
	struct notes notes;
	struct explorer explorer;
	struct batches batches;
	struct artifacts artifacts;
	struct numbering numbering;
	uint64_t bytes_done, bytes_total;
	enum outcome outcome; /* of writing; the first that was not DONE */
};

static void keep_first(struct survey *survey, enum outcome outcome)
{
	if (survey->outcome == DONE)
		survey->outcome = outcome;
}

static void report(const struct survey *survey, const char *stage, uint64_t done, uint64_t total)
{
	if (survey->options->progress)
		survey->options->progress(survey->options->progress_context, stage, done, total);
}

static void count_effort(struct survey *survey, const struct effort *effort)
{
	if (survey->options->effort)
		*survey->options->effort += effort_spent(effort);
}

static void on_volume(struct explorer *explorer, const struct volume_sighting *sighting)
{
	struct survey *survey = explorer->context;
	struct report_card card = { 0 };
	arena_init(&card.arena, 1 << 20);
	notes_init(&card.notes, &card.arena);
	struct record *record = record_add(&card, RECORD_VOLUME);
	if (record) {
		volume_row(sighting, record);
		keep_first(survey, records_write(survey->evidence, &survey->numbering, &card));
	} else {
		keep_first(survey, NO_MEMORY);
	}
	arena_done(&card.arena);
	report(survey, "unpack", 0, 0);
}

static void on_target(struct explorer *explorer, const struct target *target)
{
	struct survey *survey = explorer->context;
	keep_first(survey, batches_add(&survey->batches, target));
	survey->bytes_total += target->node ? target->entry->size : target->bytes.size;
}

static void on_range(struct explorer *explorer, const struct range_sighting *range)
{
	struct survey *survey = explorer->context;
	keep_first(survey, artifacts_sight(&survey->artifacts, range));
}

static enum outcome begin(struct survey *survey, uint64_t size)
{
	budget_init(&survey->budget, size);
	survey->budget.deadline = survey->options->deadline;
	arena_init(&survey->arena, ARENA_CEILING);
	notes_init(&survey->notes, &survey->arena);
	batches_init(&survey->batches);
	artifacts_init(&survey->artifacts, &survey->arena);
	survey->explorer = (struct explorer){
		.program = survey->program,
		.budget = &survey->budget,
		.notes = &survey->notes,
		.arena = &survey->arena,
		.step = 1,
		.last_volume = IMAGE_VOLUME,
		.keep = true,
		.context = survey,
		.volume = on_volume,
		.target = on_target,
		.range = on_range,
	};
	effort_start(&survey->effort, survey->budget.effort, survey->options->deadline);
	return evidence_begin(survey->evidence);
}

/* The meter of the walk ends with it; what it cut short is told. */
static void end_walk(struct survey *survey, uint64_t amount)
{
	effort_stop(&survey->effort);
	count_effort(survey, &survey->effort);
	if (survey->effort.end == EFFORT_GOES_ON)
		return;
	bool late = survey->effort.end == EFFORT_TIME_UP;
	survey->notes.volume = IMAGE_VOLUME;
	survey->notes.file = 0;
	notes_incomplete(&survey->notes, MISSING_SEARCH, late ? CAUSE_TIME : CAUSE_LIMIT,
			 late ? "budget.time" : "budget.effort", NOTE_NO_OFFSET, amount,
			 "%s before all of it had been searched for containers; what is in the rest is not known",
			 late ? "time was up" : "the effort that an image may cost was spent");
}

static void end(struct survey *survey)
{
	if (effort_current == &survey->effort)
		effort_stop(&survey->effort);
	explorer_done(&survey->explorer);
	artifacts_done(&survey->artifacts);
	batches_done(&survey->batches);
	arena_done(&survey->arena);
}

static void *open_worker(void *context)
{
	struct survey *survey = context;
	return examiner_new(survey->program);
}

static void close_worker(void *context, void *worker)
{
	(void)context;
	examiner_free(worker);
}

static void *run_job(void *context, void *worker, size_t job)
{
	struct survey *survey = context;
	struct report_card *card = calloc(1, sizeof *card);
	if (!card)
		return NULL;
	arena_init(&card->arena, JOB_CEILING);
	notes_init(&card->notes, &card->arena);
	const struct target *first;
	size_t count = batches_job(&survey->batches, job, &first);
	budget_share(&card->budget, &survey->left, batches_weight(&survey->batches, job), survey->batches.weight,
		     batches_count(&survey->batches));
	examiner_begin(worker, card, &card->budget);
	effort_start(&card->effort, card->budget.effort, survey->options->deadline);
	for (size_t i = 0; i < count; i++)
		examine(worker, &first[i]);
	effort_stop(&card->effort);
	return card;
}

/* The arena of a job that has run out of it has no room for a note either. */
static enum outcome note_incomplete(struct survey *survey)
{
	return evidence_insert_note(survey->evidence, &(struct note){
		.severity = NOTE_ERROR,
		.missing = MISSING_ENTRIES,
		.cause = CAUSE_MEMORY,
		.amount = NOTE_NO_AMOUNT,
		.code = SPAN_LITERAL("budget.records"),
		.message = SPAN_LITERAL("there is more in these files than fits in memory; some of it is missing"),
		.offset = NOTE_NO_OFFSET,
	});
}

static void take_result(void *context, size_t job, void *result)
{
	struct survey *survey = context;
	struct report_card *card = result;
	(void)job;
	if (!card) {
		keep_first(survey, NO_MEMORY);
		return;
	}
	keep_first(survey, records_write(survey->evidence, &survey->numbering, card));
	if (card->incomplete)
		keep_first(survey, note_incomplete(survey));
	count_effort(survey, &card->effort);
	survey->bytes_done += card->bytes;
	report(survey, "inspect", survey->bytes_done, survey->bytes_total);
	arena_done(&card->arena);
	free(card);
}

static enum outcome examine_all(struct survey *survey)
{
	TRY(batches_sort(&survey->batches));
	survey->left = survey->budget;
	survey->numbering.last_volume = survey->explorer.last_volume;
	survey->numbering.last_file = survey->explorer.last_file;
	struct workers_plan plan = {
		.jobs = batches_count(&survey->batches),
		.threads = survey->options->threads,
		.ahead = 64,
		.context = survey,
		.worker_open = open_worker,
		.worker_close = close_worker,
		.run = run_job,
		.deliver = take_result,
	};
	return workers_run(&plan);
}

/* A concluding step that the meter has ended has not looked at everything. */
static enum outcome note_hasty(struct survey *survey, const char *name)
{
	bool late = survey->effort.end == EFFORT_TIME_UP;
	struct notes notes;
	notes_init(&notes, &survey->arena);
	notes_incomplete(&notes, MISSING_SIGHT, late ? CAUSE_TIME : CAUSE_LIMIT, late ? "budget.time" : "budget.effort",
			 NOTE_NO_OFFSET, NOTE_NO_AMOUNT, "%s before what was found about \"%s\" had been concluded",
			 late ? "time was up" : "the effort that an image may cost was spent", name);
	return notes.first ? evidence_insert_notes(survey->evidence, &notes) : NO_MEMORY;
}

static enum outcome conclude_all(struct survey *survey)
{
	for (size_t i = 0; i < survey->program->seat_count; i++) {
		const struct inspector *inspector = survey->program->seats[i].inspector;
		enum outcome outcome = inspector->conclude ? inspector->conclude(survey->evidence) : DONE;
		if (effort_over())
			outcome = note_hasty(survey, inspector->name);
		TRY(outcome);
	}
	return DONE;
}

static enum outcome conclude(struct survey *survey)
{
	effort_start(&survey->effort, survey->budget.effort, survey->options->deadline);
	enum outcome outcome = conclude_all(survey);
	effort_stop(&survey->effort);
	count_effort(survey, &survey->effort);
	return outcome;
}

static enum outcome write_image_row(struct survey *survey, const char *name, const char *kind, uint64_t size,
				    struct span sha256)
{
	struct facts facts;
	facts_init(&facts, &survey->arena);
	struct fact *row = fact_new(&facts, EVIDENCE_IMAGE);
	fact_text(&facts, row, IMAGE_NAME, span_basename(span_of_text(name)));
	fact_integer(row, IMAGE_SIZE, (int64_t)size);
	fact_text(&facts, row, IMAGE_SHA256, sha256);
	fact_word(&facts, row, IMAGE_KIND, kind);
	fact_integer(row, IMAGE_UNDERSTOOD, 0);
	fact_integer(row, IMAGE_OPAQUE, 0);
	fact_integer(row, IMAGE_PADDING, 0);
	return evidence_insert_all(survey->evidence, 0, &facts);
}

static enum outcome write_raw_volume(struct survey *survey, const char *format, uint64_t size, enum outcome state)
{
	struct facts facts;
	facts_init(&facts, &survey->arena);
	struct fact *row = fact_new(&facts, EVIDENCE_VOLUME);
	fact_integer(row, VOLUME_ID, IMAGE_VOLUME);
	fact_integer(row, VOLUME_ARTIFACT, survey->explorer.artifact);
	fact_word(&facts, row, VOLUME_FORMAT, format);
	fact_integer(row, VOLUME_OFFSET, 0);
	fact_integer(row, VOLUME_IMAGE_OFFSET, 0);
	fact_integer(row, VOLUME_SIZE, (int64_t)size);
	fact_integer(row, VOLUME_FILES, 0);
	fact_word(&facts, row, VOLUME_STATE, record_state(state));
	return evidence_insert_all(survey->evidence, 0, &facts);
}

/* What is left once everything has been explored: examine, write, conclude. */
static enum outcome finish(struct survey *survey)
{
	TRY(survey->outcome);
	TRY(evidence_insert_notes(survey->evidence, &survey->notes));
	TRY(examine_all(survey));
	TRY(survey->outcome);
	TRY(conclude(survey));
	return evidence_commit(survey->evidence);
}

/* How much of it is understood, once the sizes of all are in the evidence. */
static enum outcome sum_up(struct survey *survey)
{
	TRY(tally_write(survey->evidence));
	TRY(artifacts_write_ranges(&survey->artifacts, survey->evidence));
	TRY(coverage_sum_up(survey->evidence));
	TRY(coverage_name(survey->evidence));
	return artifact_kinds(survey->evidence);
}

static enum outcome explore_image(struct survey *survey, struct span bytes, const char *name)
{
	struct place place = {
		.volume = IMAGE_VOLUME,
		.image_offset = 0,
		.map_offset = 0,
		.name = span_basename(span_of_text(name)),
	};
	const struct artifact *artifact = artifacts_add(&survey->artifacts, 0, place.name, bytes);
	if (!artifact)
		return NO_MEMORY;
	survey->explorer.artifact = artifact->id;
	TRY(write_raw_volume(survey, "raw", bytes.size, DONE));
	explore_bytes(&survey->explorer, bytes, DONE, &place, NULL);
	end_walk(survey, bytes.size);
	TRY(artifacts_complete(&survey->artifacts));
	TRY(artifacts_write(&survey->artifacts, survey->evidence));
	TRY(write_image_row(survey, name, "firmware", bytes.size, artifact->sha256));
	TRY(finish(survey));
	return sum_up(survey);
}

enum outcome survey_image(const struct program *program, struct span bytes, const char *name,
			  const struct survey_options *options, struct evidence *evidence)
{
	struct survey survey = { .program = program, .options = options, .evidence = evidence };
	TRY(begin(&survey, bytes.size));
	enum outcome outcome = explore_image(&survey, bytes, name);
	end(&survey);
	return outcome;
}

/* The digest of a folder is that of its sorted lines "path digest". */
static struct span folder_digest(struct survey *survey)
{
	struct buffer lines;
	uint8_t digest[SHA256_SIZE];
	buffer_init(&lines, 1 << 30, NULL);
	struct query query = query_start(evidence_database(survey->evidence),
					 "SELECT path || ' ' || coalesce(sha256, coalesce(target, type)) || char(10) "
					 "FROM file WHERE volume = 1 ORDER BY path");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query))
		outcome = buffer_append(&lines, query_text(&query, 0));
	digest_sha256(buffer_span(&lines), digest);
	buffer_done(&lines);
	bool sound = query_end(&query) == DONE && outcome == DONE;
	return sound ? digest_hex(&survey->arena, span_of(digest, sizeof digest)) : SPAN_NONE;
}

static enum outcome explore_directory(struct survey *survey, int directory, const char *name)
{
	struct node *node = explore_new_node(&survey->explorer);
	struct artifact *artifact =
		artifacts_add(&survey->artifacts, 0, span_basename(span_of_text(name)), SPAN_NONE);
	if (!node || !artifact)
		return NO_MEMORY;
	survey->explorer.artifact = artifact->id;
	node->id = IMAGE_VOLUME;
	node->volume = (struct volume){
		.unpacker = &unpacker_directory,
		.arena = node->arena,
		.budget = &survey->budget,
		.notes = &survey->notes,
		.directory = directory,
	};
	listing_init(&node->listing, node->arena, &survey->budget);
	survey->notes.volume = IMAGE_VOLUME;
	node->outcome = unpacker_directory.list(&node->volume, &node->listing);
	TRY(write_raw_volume(survey, "directory", 0, node->outcome));
	struct place place = { .volume = IMAGE_VOLUME, .image_offset = NO_OFFSET, .map_offset = NO_OFFSET };
	explore_volume(&survey->explorer, node, &place);
	end_walk(survey, NOTE_NO_AMOUNT);
	TRY(artifacts_write(&survey->artifacts, survey->evidence));
	TRY(finish(survey));
	struct span sha256 = folder_digest(survey);
	int64_t size = query_number(evidence_database(survey->evidence),
				    "SELECT total(size) FROM file WHERE volume = 1 AND type = 'file'");
	if (sha256.size == 0)
		return NO_MEMORY;
	TRY(write_image_row(survey, name, "directory", (uint64_t)size, sha256));
	TRY(query_run(evidence_database(survey->evidence),
		      "UPDATE volume SET size = (SELECT size FROM image),"
		      " files = (SELECT count(*) FROM file WHERE volume = 1) WHERE id = 1;"
		      "UPDATE artifact SET (size, sha256) = (SELECT size, sha256 FROM image)"));
	return sum_up(survey);
}

enum outcome survey_directory(const struct program *program, int directory, const char *name,
			      const struct survey_options *options, struct evidence *evidence)
{
	struct survey survey = { .program = program, .options = options, .evidence = evidence };
	TRY(begin(&survey, UINT64_C(1) << 32));
	enum outcome outcome = explore_directory(&survey, directory, name);
	end(&survey);
	return outcome;
}
