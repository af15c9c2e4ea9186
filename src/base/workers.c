#define _GNU_SOURCE /* sched_getaffinity */
#include "base/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/plain_locale.h"
#include "base/scoped.h"

/* A ring of finished results: job j waits in slot j % ahead until all before it are delivered. */
struct crew {
	const struct workers_plan *plan;
	pthread_mutex_t fetching; /* taken before the lock */
	pthread_mutex_t lock;
	pthread_cond_t finished; /* a result has come in, or a worker could not start */
	pthread_cond_t room;     /* a result has been delivered */
	size_t jobs;             /* as far as is known */
	size_t next;             /* job to be taken */
	size_t delivered;        /* jobs handed back so far */
	size_t running;          /* workers alive */
	size_t bytes;            /* of results that wait */
	void **results;
	bool *ready;
	bool failed;
};

unsigned workers_available(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	int count = CPU_COUNT(&set);
	return count > 0 ? (unsigned)count : 1;
}

static void *worker_new(const struct workers_plan *plan)
{
	return plan->worker_open ? plan->worker_open(plan->context) : NULL;
}

static void worker_free(const struct workers_plan *plan, void *worker)
{
	if (plan->worker_close)
		plan->worker_close(plan->context, worker);
}

static enum outcome run_serially(const struct workers_plan *plan)
{
	void *worker = worker_new(plan);
	if (plan->worker_open && !worker)
		return NO_MEMORY;
	for (size_t job = 0; plan->fetch ? plan->fetch(plan->context, worker, job) : job < plan->jobs; job++)
		plan->deliver(plan->context, job, plan->run(plan->context, worker, job));
	worker_free(plan, worker);
	return DONE;
}

/* The job that is to be delivered next always has room: it ends the waiting. */
static bool has_room(const struct crew *crew)
{
	const struct workers_plan *plan = crew->plan;
	if (crew->next == crew->delivered)
		return true;
	return crew->next < crew->delivered + plan->ahead && (plan->bytes_ahead == 0 || crew->bytes < plan->bytes_ahead);
}

static size_t weight_of(const struct workers_plan *plan, void *result)
{
	return plan->weigh ? plan->weigh(plan->context, result) : 0;
}

/* Takes a job once there is room for its result; false when there are no more. */
static bool take_job(struct crew *crew, size_t *job)
{
	pthread_mutex_lock(&crew->lock);
	while (crew->next < crew->jobs && !has_room(crew) && !crew->failed)
		pthread_cond_wait(&crew->room, &crew->lock);
	bool taken = crew->next < crew->jobs && !crew->failed;
	if (taken)
		*job = crew->next++;
	pthread_mutex_unlock(&crew->lock);
	return taken;
}

/* Takes a job and what it needs. */
static bool fetch_job(struct crew *crew, void *worker, size_t *job)
{
	const struct workers_plan *plan = crew->plan;
	if (!plan->fetch)
		return take_job(crew, job);
	pthread_mutex_lock(&crew->fetching);
	bool taken = take_job(crew, job), fetched = taken && plan->fetch(plan->context, worker, *job);
	if (taken && !fetched) {
		pthread_mutex_lock(&crew->lock);
		crew->jobs = *job;
		pthread_cond_signal(&crew->finished);
		pthread_mutex_unlock(&crew->lock);
	}
	pthread_mutex_unlock(&crew->fetching);
	return fetched;
}

static void hand_in(struct crew *crew, size_t job, void *result)
{
	size_t bytes = weight_of(crew->plan, result);
	pthread_mutex_lock(&crew->lock);
	crew->bytes += bytes;
	crew->results[job % crew->plan->ahead] = result;
	crew->ready[job % crew->plan->ahead] = true;
	pthread_cond_signal(&crew->finished);
	pthread_mutex_unlock(&crew->lock);
}

static void *work(void *argument)
{
	SCOPED(plain_locale) here = plain_locale_enter();
	struct crew *crew = argument;
	const struct workers_plan *plan = crew->plan;
	void *worker = worker_new(plan);
	bool able = !plan->worker_open || worker;
	size_t job;
	while (able && fetch_job(crew, worker, &job))
		hand_in(crew, job, plan->run(plan->context, worker, job));
	if (able)
		worker_free(plan, worker);
	pthread_mutex_lock(&crew->lock);
	crew->running--;
	pthread_cond_signal(&crew->finished);
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

/* Delivers in job order until all are done, or no worker is left to do them. */
static bool deliver_all(struct crew *crew)
{
	const struct workers_plan *plan = crew->plan;
	pthread_mutex_lock(&crew->lock);
	while (crew->delivered < crew->jobs) {
		size_t slot = crew->delivered % plan->ahead;
		if (!crew->ready[slot]) {
			if (crew->running == 0)
				break;
			pthread_cond_wait(&crew->finished, &crew->lock);
			continue;
		}
		void *result = crew->results[slot];
		crew->ready[slot] = false;
		pthread_mutex_unlock(&crew->lock);
		size_t bytes = weight_of(plan, result);
		plan->deliver(plan->context, crew->delivered, result);
		pthread_mutex_lock(&crew->lock);
		crew->delivered++;
		crew->bytes -= bytes;
		pthread_cond_broadcast(&crew->room);
	}
	bool complete = crew->delivered == crew->jobs;
	crew->failed = !complete;
	pthread_cond_broadcast(&crew->room);
	pthread_mutex_unlock(&crew->lock);
	return complete;
}

static enum outcome run_crew(struct crew *crew, pthread_t *threads, unsigned count)
{
	unsigned started = 0;
	crew->running = count;
	while (started < count && pthread_create(&threads[started], NULL, work, crew) == 0)
		started++;
	pthread_mutex_lock(&crew->lock);
	crew->running -= count - started;
	pthread_mutex_unlock(&crew->lock);
	bool complete = deliver_all(crew);
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return complete ? DONE : NO_MEMORY;
}

enum outcome workers_run(const struct workers_plan *plan)
{
	if (plan->threads <= 1 || (!plan->fetch && plan->jobs <= 1))
		return run_serially(plan);
	struct crew crew = {
		.plan = plan,
		.jobs = plan->fetch ? SIZE_MAX : plan->jobs,
		.fetching = PTHREAD_MUTEX_INITIALIZER,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.finished = PTHREAD_COND_INITIALIZER,
		.room = PTHREAD_COND_INITIALIZER,
		.results = calloc(plan->ahead, sizeof(void *)),
		.ready = calloc(plan->ahead, sizeof(bool)),
	};
	pthread_t *threads = calloc(plan->threads, sizeof *threads);
	enum outcome outcome = NO_MEMORY;
	if (crew.results && crew.ready && threads)
		outcome = run_crew(&crew, threads, plan->threads);
	free(crew.results);
	free(crew.ready);
	free(threads);
	return outcome;
}
