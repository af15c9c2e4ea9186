#include "base/workers.h"

#include "harness.h"

enum { JOBS = 500, AHEAD = 4 };

struct ledger {
	size_t expected;
	bool in_order;
	bool refuses; /* workers cannot be opened */
	int numbers[JOBS];
};

struct fetched {
	size_t count, given, taken;
	bool in_order;
};

static void *open_worker(void *context)
{
	struct ledger *ledger = context;
	return ledger->refuses ? NULL : malloc(1);
}

static void close_worker(void *context, void *worker)
{
	(void)context;
	free(worker);
}

static void *run(void *context, void *worker, size_t job)
{
	struct ledger *ledger = context;
	(void)worker;
	ledger->numbers[job] = (int)job * 2;
	return &ledger->numbers[job];
}

static void deliver(void *context, size_t job, void *result)
{
	struct ledger *ledger = context;
	ledger->in_order = ledger->in_order && job == ledger->expected && *(int *)result == (int)job * 2;
	ledger->expected++;
}

static enum outcome run_all(struct ledger *ledger, unsigned threads, size_t jobs)
{
	struct workers_plan plan = {
		.jobs = jobs, .threads = threads, .ahead = AHEAD, .context = ledger,
		.worker_open = open_worker, .worker_close = close_worker, .run = run, .deliver = deliver,
	};
	return workers_run(&plan);
}

TEST(delivers_in_order_with_any_number_of_threads)
{
	for (unsigned threads = 0; threads <= 8; threads++) {
		struct ledger ledger = { .in_order = true };
		CHECK_EQUAL(run_all(&ledger, threads, JOBS), DONE);
		CHECK(ledger.in_order);
		CHECK_EQUAL(ledger.expected, JOBS);
	}
}

enum { FETCHED = 700 };

/* Jobs are given out one by one, in their order, until there are no more. */
static bool fetch(void *context, void *worker, size_t job)
{
	struct fetched *fetched = context;
	(void)worker;
	fetched->in_order = fetched->in_order && job == fetched->given;
	return fetched->given < fetched->count ? ++fetched->given : false;
}

static void *give_number(void *context, void *worker, size_t job)
{
	(void)context;
	(void)worker;
	int *number = malloc(sizeof *number);
	if (number)
		*number = (int)job;
	return number;
}

static void take_number(void *context, size_t job, void *result)
{
	struct fetched *fetched = context;
	fetched->in_order = fetched->in_order && result && *(int *)result == (int)job && job == fetched->taken;
	fetched->taken++;
	free(result);
}

TEST(jobs_whose_number_is_not_known_are_fetched)
{
	for (unsigned threads = 1; threads <= 4; threads++)
		for (size_t count = 0; count <= FETCHED; count += count < 3 ? 1 : FETCHED - 3) {
			struct fetched fetched = { .count = count, .in_order = true };
			const struct workers_plan plan = { .threads = threads, .ahead = AHEAD, .context = &fetched, .fetch = fetch,
							   .run = give_number, .deliver = take_number };
			CHECK_EQUAL(workers_run(&plan), DONE);
			CHECK(fetched.in_order);
			CHECK_EQUAL(fetched.taken, count);
		}
}

TEST(does_nothing_without_jobs)
{
	struct ledger ledger = { .in_order = true };
	CHECK_EQUAL(run_all(&ledger, 4, 0), DONE);
	CHECK_EQUAL(ledger.expected, 0);
}

TEST(says_when_no_worker_can_be_made)
{
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct ledger ledger = { .in_order = true, .refuses = true };
		CHECK_EQUAL(run_all(&ledger, threads, JOBS), NO_MEMORY);
		CHECK_EQUAL(ledger.expected, 0);
	}
}

static size_t weigh(void *context, void *result)
{
	(void)context;
	(void)result;
	return 1000;
}

/* Heavier than what may wait: they still come, each when it is its turn. */
TEST(results_that_are_too_heavy_to_wait_are_delivered_all_the_same)
{
	for (unsigned threads = 1; threads <= 8; threads++) {
		struct ledger ledger = { .in_order = true };
		struct workers_plan plan = {
			.jobs = JOBS, .threads = threads, .ahead = AHEAD, .bytes_ahead = 10, .context = &ledger,
			.worker_open = open_worker, .worker_close = close_worker, .run = run, .weigh = weigh,
			.deliver = deliver,
		};
		CHECK_EQUAL(workers_run(&plan), DONE);
		CHECK(ledger.in_order);
		CHECK_EQUAL(ledger.expected, JOBS);
	}
}

TESTS(delivers_in_order_with_any_number_of_threads, does_nothing_without_jobs, says_when_no_worker_can_be_made,
      results_that_are_too_heavy_to_wait_are_delivered_all_the_same, jobs_whose_number_is_not_known_are_fetched)
