#include "engine/jobs.h"

#include <stdlib.h>

#include "base/shortage.h"
#include "base/workers.h"
#include "engine/examine.h"
#include "engine/unread.h"

enum { JOB_CEILING = 128 << 20, AHEAD = 64 };
/* Parts of the memory of a run: what one job may hold; what all of them may, each; results that wait to be written. */
enum { JOB_PART = 4, LIGHT_PART = 48, AHEAD_PART = 16 };

static void keep_first(struct jobs *jobs, enum outcome outcome)
{
	if (jobs->outcome == DONE)
		jobs->outcome = outcome;
}

static void *open_worker(void *context)
{
	struct jobs *jobs = context;
	struct memory *before = memory_use(jobs->memory);
	struct examiner *examiner = examiner_new(jobs->program);
	(void)memory_use(before);
	return examiner;
}

static void close_worker(void *context, void *worker)
{
	(void)context;
	examiner_free(worker);
}

static void examine_targets(const struct jobs *jobs, struct examiner *examiner, struct report_card *card, size_t job)
{
	const struct target *first;
	size_t count = batches_job(jobs->batches, job, &first);
	budget_share(&card->budget, &jobs->left, batches_weight(jobs->batches, job), jobs->batches->weight,
		     batches_count(jobs->batches));
	examiner_begin(examiner, card, &card->budget);
	(void)shortage_take();
	effort_start(&card->effort, card->budget.effort, jobs->options->deadline);
	for (size_t i = 0; i < count; i++)
		examine(examiner, &first[i]);
	effort_stop(&card->effort);
	card->incomplete |= shortage_take();
	examiner_end(examiner);
}

static void *run_job(void *context, void *worker, size_t job)
{
	struct jobs *jobs = context;
	struct report_card *card = calloc(1, sizeof *card);
	uint64_t limit = jobs->memory->limit;
	if (!card)
		return NULL;
	memory_init_job(&card->memory, jobs->memory, limit / JOB_PART, jobs->gate, limit / LIGHT_PART);
	struct memory *before = memory_use(&card->memory);
	arena_init(&card->arena, JOB_CEILING);
	notes_init(&card->notes, &card->arena);
	if (!atomic_load(&jobs->full)) /* nobody keeps what it would find */
		examine_targets(jobs, worker, card, job);
	memory_leave(&card->memory);
	(void)memory_use(before);
	return card;
}

static size_t weigh(void *context, void *result)
{
	const struct report_card *card = result;
	(void)context;
	return card ? card->arena.used : 0;
}

/* Once the evidence is as large as it may be, what the jobs find is no longer kept. */
static bool keeps(struct jobs *jobs, size_t job)
{
	if (!jobs->full && !evidence_is_full(jobs->evidence))
		return true;
	jobs->full = true;
	jobs->dropped_jobs++;
	jobs->dropped_bytes += batches_weight(jobs->batches, job);
	return false;
}

static void write_card(struct jobs *jobs, struct report_card *card)
{
	enum outcome written = records_write(jobs->evidence, &jobs->numbering, card);
	/* A row that lacks what it must have is not malformed where there was no memory for it. */
	keep_first(jobs, written == MALFORMED && card->incomplete ? NO_MEMORY : written);
	if (card->incomplete)
		keep_first(jobs, unread_for_memory(jobs->evidence));
	if (jobs->options->effort)
		*jobs->options->effort += effort_spent(&card->effort);
	jobs->bytes_done += card->bytes;
}

static void take_result(void *context, size_t job, void *result)
{
	struct jobs *jobs = context;
	struct report_card *card = result;
	if (!card) {
		keep_first(jobs, NO_MEMORY);
		return;
	}
	if (keeps(jobs, job))
		write_card(jobs, card);
	if (jobs->options->progress)
		jobs->options->progress(jobs->options->progress_context, "inspect", jobs->bytes_done, jobs->bytes_total);
	arena_done(&card->arena);
	free(card);
}

enum outcome jobs_run(struct jobs *jobs)
{
	TRY(batches_sort(jobs->batches));
	jobs->gate = gate_new();
	if (!jobs->gate)
		return NO_MEMORY;
	struct workers_plan plan = {
		.jobs = batches_count(jobs->batches),
		.threads = jobs->options->threads,
		.ahead = AHEAD,
		.bytes_ahead = jobs->memory->limit / AHEAD_PART,
		.context = jobs,
		.worker_open = open_worker,
		.worker_close = close_worker,
		.run = run_job,
		.weigh = weigh,
		.deliver = take_result,
	};
	enum outcome outcome = workers_run(&plan);
	gate_free(jobs->gate);
	if (outcome == DONE && jobs->dropped_jobs > 0)
		outcome = unread_unwritten(jobs->evidence, jobs->dropped_bytes);
	return outcome != DONE ? outcome : jobs->outcome;
}
