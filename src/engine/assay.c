/* The public face: include/assay/assay.h. */
#include "assay/assay.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/effort.h"
#include "base/plain_locale.h"
#include "base/scoped.h"
#include "base/shortage.h"
#include "base/workers.h"
#include "engine/given.h"
#include "engine/options.h"
#include "engine/pipeline.h"
#include "engine/recheck.h"
#include "engine/result.h"
#include "engine/sources.h"
#include "engine/survey.h"
#include "evidence/query.h"
#include "evidence/schema.h"
#include "inspect/secret_mask.h"
#include "judge/guard.h"
#include "report/reporter.h"

/* Units that judging, or one report, may take: minutes, where real evidence takes a second. */
static const uint64_t JUDGING_EFFORT = UINT64_C(20000000000);
enum { ARENA_CEILING = 256 * 1024 * 1024, REPORT_CEILING = 1 << 30 };
enum { EVIDENCE_SHARE = 4 }; /* of the memory that it may hold */
enum { SHARE_LEAST = 200 }; /* milliseconds, of a step after reading */

/* What tools/compile-patterns made of all patterns: a generated object. */
extern const uint8_t compiled_patterns[];
extern const uint64_t compiled_patterns_size;

const char *assay_version(void)
{
	return ASSAY_VERSION;
}

/* A limit ended what cannot be given in part. */
static enum assay_status fail_late(struct assay *assay, const struct effort *effort)
{
	return result_fail(assay, ASSAY_LIMIT,
		    effort->end == EFFORT_TIME_UP ? SPAN_LITERAL("time was up before it was judged; give it more with --timeout")
						  : SPAN_LITERAL("judging it takes more effort than it may"));
}

/* Everything that does not depend on the image. */
static enum assay_status new_assay(struct assay **out)
{
	struct span error;
	struct assay *assay = calloc(1, sizeof *assay);
	if (!assay)
		return ASSAY_NO_MEMORY;
	*out = assay;
	arena_init(&assay->arena, ARENA_CEILING);
	(void)shortage_take();
	if (program_init(&assay->program, &error) != DONE) /* the data is the program's own: what has no words is a lack of memory */
		return result_fail(assay, error.size > 0 ? ASSAY_INTERNAL : ASSAY_NO_MEMORY, error);
	enum outcome loaded = program_load_patterns(&assay->program, span_of(compiled_patterns, compiled_patterns_size));
	if (loaded != DONE)
		return result_fail(assay, loaded == NO_MEMORY ? ASSAY_NO_MEMORY : ASSAY_INTERNAL,
			    SPAN_LITERAL("the compiled patterns do not fit this processor; build assay on it"));
	return shortage_sign ? result_fail(assay, ASSAY_NO_MEMORY, SPAN_NONE) : ASSAY_DONE;
}

/* Reading may take three quarters of the time, so that what was read can still be judged. */
static int64_t reading_deadline(const struct assay *assay, const struct assay_options *options)
{
	return assay->deadline ? assay->deadline - (int64_t)(options->time_limit_ms / 4) : 0;
}

/*
 * What was read is judged and told all the same where reading took longer than it may, since one step of it cannot be
 * ended in its middle, and where a report is asked for later.
 */
static int64_t later_deadline(const struct assay *assay)
{
	int64_t least = clock_monotonic_ms() + assay->share;
	return assay->deadline == 0 || assay->deadline > least ? assay->deadline : least;
}

static struct survey_options survey_options_of(struct assay *assay, const struct assay_options *options)
{
	return (struct survey_options){
		.threads = options->jobs ? options->jobs : workers_available(),
		.deadline = reading_deadline(assay, options),
		.last = assay->deadline,
		.share = assay->share,
		.memory = options->memory_limit,
		.effort = &assay->effort,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
}

static enum assay_status conclude(struct assay *assay, const struct assay_options *options)
{
	struct span error = SPAN_NONE;
	struct seal_verdict verdict;
	struct pipeline_options pipeline = {
		.product = given_text(&options->product, "product.yaml"),
		.kernel_config = given_text(&options->kernel_config, "kernel configuration"),
		.vex = given_texts(&assay->arena, options->vex, options->vex_count),
		.vex_count = options->vex_count,
		.judge = {
			.rules = given_texts(&assay->arena, options->rules, options->rule_count),
			.rule_files = options->rule_count,
			.catalogs = given_texts(&assay->arena, options->catalogs, options->catalog_count),
			.catalog_files = options->catalog_count,
		},
		.store = span_of(options->store, options->store ? options->store_size : 0),
		.store_name = options->store_name ? options->store_name : "given",
		.seal = given_seal(options->seal, &verdict),
		.match = !options->no_vulnerabilities,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
	if (!pipeline.judge.rules || !pipeline.judge.catalogs || !pipeline.vex)
		return result_fail(assay, ASSAY_NO_MEMORY, SPAN_NONE);
	struct effort effort;
	struct memory *before = memory_use(&assay->memory);
	effort_start(&effort, JUDGING_EFFORT, later_deadline(assay));
	enum outcome outcome =
		pipeline_run(assay->evidence, &assay->program.recognisers, &pipeline, &assay->arena, &error);
	effort_stop(&effort);
	(void)memory_use(before);
	assay->effort += effort_spent(&effort);
	if (outcome != DONE && effort.end != EFFORT_GOES_ON)
		return fail_late(assay, &effort);
	if (error.size == 0)
		error = span_of_text(outcome_name(outcome));
	return outcome == DONE ? ASSAY_DONE : result_fail(assay, result_status(outcome), error);
}

/* The result that calls report on; *out is NULL where there is no memory for one. */
static enum assay_status begin(struct assay **out, const struct assay_options *options)
{
	if (!out)
		return ASSAY_UNREADABLE;
	*out = NULL;
	enum assay_status status = new_assay(out);
	if (status == ASSAY_DONE)
		memory_init(&(*out)->memory, NULL, options->memory_limit);
	if (status == ASSAY_DONE && options->time_limit_ms > 0) {
		(*out)->deadline = clock_monotonic_ms() + (int64_t)options->time_limit_ms;
		(*out)->share = (int64_t)(options->time_limit_ms / 4) + SHARE_LEAST;
	}
	return status;
}

/* A fresh result with empty evidence. */
static enum assay_status begin_empty(struct assay **out, const struct assay_options *options)
{
	enum assay_status status = begin(out, options);
	if (status != ASSAY_DONE)
		return status;
	enum outcome outcome = evidence_new(&(*out)->evidence);
	if (outcome == DONE)
		outcome = evidence_bound((*out)->evidence, options->memory_limit / EVIDENCE_SHARE);
	return outcome == DONE ? ASSAY_DONE : result_fail(*out, result_status(outcome), span_of_text(outcome_name(outcome)));
}

/* What follows a survey, as far as it came. */
static enum assay_status finish(struct assay *assay, enum outcome surveyed, const struct assay_options *options)
{
	if (surveyed == OVER_BUDGET)
		return result_fail(assay, ASSAY_LIMIT, SPAN_LITERAL("time was up before what was read had been summed up; "
								     "give it more with --timeout"));
	if (surveyed != DONE)
		return result_fail(assay, result_status(surveyed), span_of_text(outcome_name(surveyed)));
	enum outcome masked = options->show_secrets ? DONE : secrets_mask(assay->evidence);
	if (masked != DONE)
		return result_fail(assay, result_status(masked), SPAN_LITERAL("secrets could not be masked"));
	return conclude(assay, options);
}

static enum assay_status survey(const struct source *sources, size_t count, const struct assay_options *given,
				struct assay **out)
{
	SCOPED(plain_locale) here = plain_locale_enter();
	struct assay_options options = options_taken(given);
	enum assay_status status = begin_empty(out, &options);
	if (status != ASSAY_DONE)
		return status;
	if (count == 0)
		return result_fail(*out, ASSAY_UNREADABLE, SPAN_LITERAL("there is no input"));
	if (sources_lack_bytes(sources, count))
		return result_fail(*out, ASSAY_UNREADABLE, SPAN_LITERAL("no bytes were given"));
	struct survey_options survey = survey_options_of(*out, &options);
	return finish(*out, survey_sources(&(*out)->program, sources, count, &survey, (*out)->evidence), &options);
}

enum assay_status assay_image(const void *bytes, size_t size, const char *name, const struct assay_options *options,
			      struct assay **out)
{
	const struct source source = { .name = name ? name : "", .bytes = span_of(bytes, size), .directory = -1 };
	return survey(&source, 1, options, out);
}

enum assay_status assay_directory(int directory, const char *name, const struct assay_options *options,
				  struct assay **out)
{
	const struct source source = { .name = name ? name : "", .directory = directory };
	if (directory < 0)
		return survey(NULL, 0, options, out);
	return survey(&source, 1, options, out);
}

enum assay_status assay_several(const struct assay_input *inputs, size_t count, const struct assay_options *options,
				struct assay **out)
{
	struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	const struct source *sources = sources_taken(&arena, inputs, count);
	enum assay_status status = survey(sources, sources ? count : 0, options, out);
	arena_done(&arena);
	return status;
}

enum assay_status assay_saved(const void *bytes, size_t size, const struct assay_options *given, struct assay **out)
{
	SCOPED(plain_locale) here = plain_locale_enter();
	struct assay_options options = options_taken(given);
	enum assay_status status = begin(out, &options);
	if (status != ASSAY_DONE)
		return status;
	struct effort effort;
	effort_start(&effort, JUDGING_EFFORT, (*out)->deadline);
	enum outcome outcome = evidence_load(span_of(bytes, bytes ? size : 0), &(*out)->evidence);
	effort_stop(&effort);
	if (outcome != DONE && effort.end != EFFORT_GOES_ON)
		return fail_late(*out, &effort);
	if (outcome != DONE)
		return result_fail(*out, result_status(outcome),
			    SPAN_LITERAL("no evidence of this version of assay; assay the image again"));
	bool again = given && !options.as_saved;
	outcome = again ? recheck_remember(evidence_database((*out)->evidence)) : DONE;
	return outcome != DONE ? result_fail(*out, ASSAY_NO_MEMORY, SPAN_NONE) : again ? conclude(*out, &options) : ASSAY_DONE;
}

/* A rule that cannot run over empty evidence cannot run over any. */
static enum assay_status check_rules(struct assay *assay)
{
	enum assay_status status = ASSAY_DONE;
	struct query query = query_start(evidence_database(assay->evidence),
					 "SELECT message FROM note WHERE code = 'judge.rule' ORDER BY rowid LIMIT 1");
	if (query_next(&query))
		status = result_fail(assay, ASSAY_UNREADABLE, query_text(&query, 0));
	return query_end(&query) == DONE ? status : ASSAY_INTERNAL;
}

enum assay_status assay_check(const struct assay_options *given, struct assay **out)
{
	SCOPED(plain_locale) here = plain_locale_enter();
	struct assay_options options = options_taken(given);
	enum assay_status status = begin_empty(out, &options);
	if (status == ASSAY_DONE)
		status = conclude(*out, &options);
	return status == ASSAY_DONE ? check_rules(*out) : status;
}

enum assay_status assay_schema(struct assay **out)
{
	struct assay_options options = options_taken(NULL);
	enum assay_status status = begin_empty(out, &options);
	if (status != ASSAY_DONE)
		return status;
	sqlite3 *database = evidence_database((*out)->evidence);
	enum outcome outcome = guard_prepare(database);
	return result_status(outcome == DONE ? schema_describe(database) : outcome);
}

void assay_free(struct assay *assay)
{
	if (!assay)
		return;
	evidence_free(assay->evidence);
	program_done(&assay->program);
	arena_done(&assay->arena);
	free(assay);
}

const char *assay_error(const struct assay *assay)
{
	return assay ? assay->error : "out of memory";
}

/* A number of the grade, or -1 where nothing has been graded. */
static int graded(const struct assay *assay, const char *sql)
{
	return assay && assay->evidence ? (int)query_number(evidence_database(assay->evidence), sql) : -1;
}

int assay_grade(const struct assay *assay)
{
	return graded(assay, "SELECT coalesce((SELECT level FROM grade), -1)");
}

int assay_ceiling(const struct assay *assay)
{
	return graded(assay, "SELECT coalesce((SELECT ceiling FROM grade), -1)");
}

uint64_t assay_effort(const struct assay *assay)
{
	return assay ? assay->effort : 0;
}

/* Hands a buffer's memory over, with a NUL behind it. */
static enum assay_status give(struct buffer *buffer, enum outcome outcome, char **text, size_t *length)
{
	size_t size = buffer->size;
	if (outcome == DONE)
		outcome = buffer_append(buffer, span_of("", 1));
	if (outcome != DONE) {
		buffer_done(buffer);
		return result_status(outcome);
	}
	memory_give(buffer->memory, buffer->capacity); /* from here on it is the caller's */
	*text = (char *)buffer->data;
	*length = size;
	return ASSAY_DONE;
}

static enum assay_status write_report(struct assay *assay, const char *name, const struct report_options *options,
				      char **text, size_t *length)
{
	struct buffer buffer;
	if (text)
		*text = NULL;
	if (length)
		*length = 0;
	if (!assay || !text || !length)
		return ASSAY_UNREADABLE;
	if (!assay->evidence)
		return ASSAY_UNREADABLE; /* its error says why there is none */
	const struct reporter *reporter = name ? reporter_find(name) : NULL;
	if (!reporter)
		return result_fail(assay, ASSAY_UNREADABLE, SPAN_LITERAL("there is no report of that name"));
	SCOPED(plain_locale) here = plain_locale_enter();
	struct effort effort;
	struct memory *before = memory_use(&assay->memory);
	buffer_init(&buffer, REPORT_CEILING, NULL);
	effort_start(&effort, JUDGING_EFFORT, later_deadline(assay));
	(void)shortage_take();
	enum outcome outcome = reporter->write(assay->evidence, options, &buffer);
	if (shortage_sign)
		outcome = NO_MEMORY;
	effort_stop(&effort);
	assay->effort += effort_spent(&effort);
	if (outcome == OVER_BUDGET && effort.end == EFFORT_GOES_ON)
		outcome = NO_MEMORY; /* what bounds a report but effort */
	enum assay_status status = give(&buffer, outcome, text, length);
	(void)memory_use(before);
	if (status == ASSAY_DONE)
		return status;
	return effort.end != EFFORT_GOES_ON ? fail_late(assay, &effort)
					    : result_fail(assay, status, span_of_text(outcome_name(outcome)));
}

enum assay_status assay_report(struct assay *assay, const char *name, char **text, size_t *length)
{
	return write_report(assay, name, &(struct report_options){ .time = clock_report_time() }, text, length);
}

enum assay_status assay_page(struct assay *assay, int colour, int width, char **text, size_t *length)
{
	struct report_options options = { .time = clock_report_time(), .colour = colour != 0, .width = width };
	return write_report(assay, "terminal", &options, text, length);
}

enum assay_status assay_save(struct assay *assay, void **bytes, size_t *size)
{
	struct buffer buffer;
	char *text = NULL;
	if (bytes)
		*bytes = NULL;
	if (size)
		*size = 0;
	if (!assay || !assay->evidence || !bytes || !size)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	struct memory *before = memory_use(&assay->memory);
	buffer_init(&buffer, REPORT_CEILING, NULL);
	enum outcome outcome = evidence_save(assay->evidence, &buffer);
	enum assay_status status = give(&buffer, outcome == OVER_BUDGET ? NO_MEMORY : outcome, &text, size);
	(void)memory_use(before);
	*bytes = text;
	return status == ASSAY_DONE ? status : result_fail(assay, status, SPAN_LITERAL("the evidence cannot be saved"));
}

/* The caller's own statements end with the time; those of reports with their meter. */
static int on_caller(void *context)
{
	const struct assay *assay = context;
	bool late = assay->deadline != 0 && clock_monotonic_ms() > assay->deadline;
	return late || !effort_spend(1000);
}

void *assay_database(struct assay *assay)
{
	if (!assay || !assay->evidence)
		return NULL;
	assay->deadline = later_deadline(assay);
	sqlite3_progress_handler(evidence_database(assay->evidence), 1000, on_caller, assay);
	return evidence_database(assay->evidence);
}

void assay_release(void *memory)
{
	free(memory);
}
