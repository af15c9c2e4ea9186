#include "engine/survey.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/shortage.h"
#include "engine/artifact.h"
#include "engine/explore_collection.h"
#include "engine/figures.h"
#include "engine/jobs.h"
#include "engine/tally.h"
#include "engine/sum_up.h"
#include "engine/unread.h"
#include "engine/volume-row.h"
#include "evidence/query.h"
#include "unpack/registry.h"

enum { IMAGE_VOLUME = 1 };
enum { ARENA_PART = 8 }; /* of the memory of a run: paths, maps and notes of the walk */
static const uint64_t FOLDER_SIZE = UINT64_C(1) << 32; /* for the budget: what a folder holds is not known beforehand */

/* Everything of one run. */
struct survey {
	const struct program *program;
	const struct survey_options *options;
	struct evidence *evidence;
	struct effort effort;       /* of the walk, and then of concluding */
	struct budget budget;
	struct memory memory;       /* of the run */
	struct memory containers;   /* what the walk keeps of them */
	struct memory *outer;       /* the account that was set before */
	struct arena arena;
	struct notes notes;
	struct explorer explorer;
	struct batches batches;
	struct artifacts artifacts;
	uint64_t bytes_total;
	enum outcome outcome; /* of writing; the first that was not DONE */
	bool short_of_memory; /* and the evidence says so */
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
	struct memory *before = memory_use(&survey->memory);
	arena_init(&card.arena, 1 << 20);
	notes_init(&card.notes, &card.arena);
	struct record *record = record_add(&card, RECORD_VOLUME);
	if (record) {
		volume_row(sighting, record);
		keep_first(survey, records_write(survey->evidence, &(struct numbering){ 0 }, &card));
	} else {
		keep_first(survey, NO_MEMORY);
	}
	arena_done(&card.arena);
	(void)memory_use(before);
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

static int64_t number_of(struct survey *survey, const struct artifact *artifact)
{
	if (!artifact)
		keep_first(survey, NO_MEMORY);
	return artifact ? artifact->id : 0;
}

static int64_t on_artifact(struct explorer *explorer, struct span name, struct span bytes)
{
	struct survey *survey = explorer->context;
	return number_of(survey, artifacts_add(&survey->artifacts, explorer->artifact, name, bytes));
}

static int64_t on_folder(struct explorer *explorer, struct span name, int64_t volume)
{
	struct survey *survey = explorer->context;
	return number_of(survey, artifacts_add_folder(&survey->artifacts, explorer->artifact, name, volume));
}

static enum outcome begin(struct survey *survey, uint64_t size)
{
	budget_init(&survey->budget, size);
	budget_hold(&survey->budget, survey->options->memory);
	survey->budget.deadline = survey->options->deadline;
	memory_init(&survey->memory, NULL, survey->options->memory);
	memory_init(&survey->containers, &survey->memory, budget_containers(survey->options->memory));
	survey->outer = memory_use(&survey->memory);
	arena_init(&survey->arena, survey->options->memory / ARENA_PART);
	(void)memory_use(&survey->containers); /* until the walk ends */
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
		.new_artifact = on_artifact,
		.new_folder = on_folder,
	};
	effort_start(&survey->effort, survey->budget.effort, survey->options->deadline);
	return evidence_begin(survey->evidence);
}

/* The meter of the walk ends with it; what it cut short is told. */
static void end_walk(struct survey *survey, uint64_t amount)
{
	(void)memory_use(&survey->memory);
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
	(void)memory_use(survey->outer);
}

static enum outcome examine_all(struct survey *survey)
{
	struct jobs jobs = {
		.program = survey->program,
		.options = survey->options,
		.evidence = survey->evidence,
		.batches = &survey->batches,
		.left = survey->budget,
		.numbering = { survey->explorer.last_volume, survey->explorer.last_file },
		.memory = &survey->memory,
		.bytes_total = survey->bytes_total,
	};
	return jobs_run(&jobs);
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

/* The outermost volume; of files that are artifacts each, it lies in none of them. */
static enum outcome write_outermost(struct survey *survey, const char *format, uint64_t size, size_t files,
				    enum outcome read)
{
	struct facts facts;
	facts_init(&facts, &survey->arena);
	struct fact *row = fact_new(&facts, EVIDENCE_VOLUME);
	fact_integer(row, VOLUME_ID, IMAGE_VOLUME);
	if (survey->explorer.artifact != 0)
		fact_integer(row, VOLUME_ARTIFACT, survey->explorer.artifact);
	fact_word(&facts, row, VOLUME_FORMAT, format);
	fact_integer(row, VOLUME_OFFSET, 0);
	fact_integer(row, VOLUME_IMAGE_OFFSET, 0);
	fact_integer(row, VOLUME_SIZE, (int64_t)size);
	fact_integer(row, VOLUME_FILES, (int64_t)files);
	fact_word(&facts, row, VOLUME_STATE, record_state(read));
	return evidence_insert_all(survey->evidence, 0, &facts);
}

static enum outcome tell_shortage(struct survey *survey)
{
	if (!shortage_take())
		return DONE;
	survey->short_of_memory = true;
	return unread_for_memory(survey->evidence);
}

/* What is left once everything has been explored: examine, write, conclude. */
static enum outcome finish(struct survey *survey, struct span name, const char *kind)
{
	TRY(survey->outcome);
	TRY(artifacts_complete(&survey->artifacts));
	TRY(artifacts_write(&survey->artifacts, survey->evidence));
	TRY(evidence_insert_notes(survey->evidence, &survey->notes));
	TRY(tell_shortage(survey));
	TRY(examine_all(survey));
	TRY(survey->outcome);
	TRY(figures_of_folders(&survey->artifacts, survey->evidence));
	TRY(figures_of_image(&survey->artifacts, name, kind, survey->evidence));
	/* A step of concluding that the meter ends takes back its own work, and no other. */
	TRY(evidence_commit(survey->evidence));
	TRY(conclude(survey));
	TRY(tell_shortage(survey));
	TRY(unread_in_time(survey->evidence));
	int64_t least = clock_monotonic_ms() + survey->options->share, last = survey->options->last;
	return sum_up(&survey->artifacts, survey->evidence, survey->budget.effort, last == 0 || last > least ? last : least,
		      survey->options->effort);
}

static enum outcome explore_image(struct survey *survey, const struct source *source)
{
	struct place place = {
		.volume = IMAGE_VOLUME,
		.image_offset = 0,
		.name = span_basename(span_of_text(source->name)),
		.map_offset = 0,
		.entire = true,
	};
	survey->explorer.artifact = on_artifact(&survey->explorer, place.name, source->bytes);
	TRY(write_outermost(survey, "raw", source->bytes.size, 0, DONE));
	explore_bytes(&survey->explorer, source->bytes, DONE, &place, NULL);
	end_walk(survey, source->bytes.size);
	return finish(survey, place.name, "firmware");
}

/* A folder that is a root file system, or an app that somebody has unpacked, is one artifact. */
static enum outcome explore_one_folder(struct survey *survey, struct node *node, struct span name)
{
	const struct place place = {
		.volume = IMAGE_VOLUME,
		.image_offset = NO_OFFSET,
		.map_offset = NO_OFFSET,
		.entire = true,
	};
	survey->explorer.artifact = on_folder(&survey->explorer, name, IMAGE_VOLUME);
	TRY(write_outermost(survey, "directory", 0, node->listing.count, node->outcome));
	explore_volume(&survey->explorer, node, &place);
	end_walk(survey, NOTE_NO_AMOUNT);
	return finish(survey, name, "directory");
}

static enum outcome explore_files(struct survey *survey, struct node *node, const struct collection *collection,
				  struct span name, const char *kind)
{
	struct reader reader;
	const struct place place = { .volume = IMAGE_VOLUME, .image_offset = NO_OFFSET, .map_offset = NO_OFFSET };
	uint64_t size = 0;
	for (size_t i = 0; i < node->listing.count; i++)
		size += node->listing.entries[i].type == ENTRY_FILE ? node->listing.entries[i].size : 0;
	TRY(write_outermost(survey, node->volume.unpacker->name, size, node->listing.count, node->outcome));
	TRY(volume_reader_open(&node->volume, node->arena, &survey->notes, &reader));
	explore_collection(&survey->explorer, node, &reader, &place, collection);
	volume_reader_close(&reader);
	end_walk(survey, NOTE_NO_AMOUNT);
	return finish(survey, name, kind);
}

static enum outcome explore_sources(struct survey *survey, const struct source *sources, size_t count)
{
	struct collection collection;
	struct node *node = explore_new_node(&survey->explorer);
	bool folder = count == 1;
	struct span name = folder ? span_basename(span_of_text(sources[0].name)) : SPAN_NONE;
	if (!node)
		return NO_MEMORY;
	node->id = IMAGE_VOLUME;
	node->volume = (struct volume){
		.unpacker = &unpacker_directory,
		.arena = node->arena,
		.budget = &survey->budget,
		.notes = &survey->notes,
		.directory = folder ? sources[0].directory : -1,
	};
	listing_init(&node->listing, node->arena, &survey->budget);
	survey->notes.volume = IMAGE_VOLUME;
	node->outcome = folder ? unpacker_directory.list(&node->volume, &node->listing)
			       : several_list(node, sources, count);
	if (node->outcome == NO_MEMORY)
		return NO_MEMORY;
	TRY(collection_of(&node->listing, &survey->arena, &collection));
	if (folder && collection.shape != COLLECTION_FILES)
		return explore_one_folder(survey, node, name);
	return explore_files(survey, node, &collection, name, folder ? "directory" : "files");
}

enum outcome survey_sources(const struct program *program, const struct source *sources, size_t count,
			    const struct survey_options *options, struct evidence *evidence)
{
	struct survey survey = { .program = program, .options = options, .evidence = evidence };
	uint64_t size = 0;
	for (size_t i = 0; i < count; i++)
		size += sources[i].directory < 0 ? sources[i].bytes.size : FOLDER_SIZE;
	TRY(begin(&survey, size));
	enum outcome outcome = count == 1 && sources[0].directory < 0 ? explore_image(&survey, &sources[0])
								       : explore_sources(&survey, sources, count);
	end(&survey);
	/* What lacks a value, for want of memory, the schema of the evidence refuses. */
	return outcome == MALFORMED && survey.short_of_memory ? NO_MEMORY : outcome;
}
