/* The account of memory: what is taken and given back, what is refused, and that arenas and buffers go through it. */
#include "base/memory.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/shortage.h"
#include "harness.h"

TEST(refuses_what_is_beyond_the_limit_and_takes_nothing_then)
{
	struct memory run, part;
	memory_init(&run, NULL, 1000);
	memory_init(&part, &run, 600);
	CHECK(memory_take(&part, 600));
	CHECK(!memory_take(&part, 1));
	CHECK_EQUAL(atomic_load(&run.held), 600);
	CHECK(memory_take(&run, 400));
	memory_give(&part, 300);
	CHECK(memory_take(&part, 300));
	memory_give(&part, 300);
	CHECK(memory_take(&run, 300));
	CHECK(!memory_take(&part, 1)); /* its own limit would let it */
	CHECK_EQUAL(atomic_load(&part.held), 300);
	CHECK_EQUAL(atomic_load(&run.held), 1000);
	CHECK(memory_take(NULL, SIZE_MAX));
}

TEST(counts_the_pages_of_arenas)
{
	struct memory run;
	struct arena arena;
	memory_init(&run, NULL, 1 << 20);
	struct memory *before = memory_use(&run);
	arena_init(&arena, SIZE_MAX / 2);
	(void)memory_use(before); /* it keeps its account */
	CHECK(arena_allocate(&arena, 1, 100));
	CHECK(atomic_load(&run.held) >= 100 && atomic_load(&run.held) < 8192);
	for (int i = 0; i < 1000; i++)
		(void)arena_allocate(&arena, 1, 100);
	CHECK(atomic_load(&run.held) >= 100000);
	CHECK(!arena_allocate(&arena, 1, 1 << 20));
	CHECK(arena.refused && shortage_take());
	arena_reset(&arena);
	CHECK(atomic_load(&run.held) <= 66000);
	CHECK(arena_allocate(&arena, 1, 500000));
	arena_done(&arena);
	CHECK_EQUAL(atomic_load(&run.held), 0);
}

TEST(counts_the_growth_of_buffers)
{
	struct memory run;
	struct buffer buffer;
	memory_init(&run, NULL, 1 << 20);
	struct memory *before = memory_use(&run);
	buffer_init(&buffer, SIZE_MAX / 2, NULL);
	(void)memory_use(before);
	CHECK_EQUAL(buffer_append_zeros(&buffer, 300000), DONE);
	CHECK(atomic_load(&run.held) >= 300000);
	CHECK_EQUAL(buffer_append_zeros(&buffer, 1 << 20), OVER_BUDGET);
	CHECK(!shortage_take()); /* whoever asked is told by the outcome */
	CHECK_EQUAL(buffer.size, 300000);
	buffer_done(&buffer);
	CHECK_EQUAL(atomic_load(&run.held), 0);
}

/* Two jobs of which each may hold most of the run: neither is refused anything, since they go one after the other. */
enum { LIMIT = 1 << 20, LARGE = 600000, LIGHT = 1000, TIMES = 200 };

struct two {
	struct memory run;
	struct gate *gate;
	_Atomic int refused;
};

static void *hold_much(void *context)
{
	struct two *two = context;
	for (int i = 0; i < TIMES; i++) {
		struct memory job;
		memory_init_job(&job, &two->run, LIMIT, two->gate, LIGHT);
		bool taken = memory_take(&job, LIGHT) && memory_take(&job, LARGE) && memory_take(&job, LARGE / 2);
		two->refused += !taken;
		memory_give(&job, atomic_load(&job.held));
		memory_leave(&job);
	}
	return NULL;
}

TEST(large_jobs_wait_for_each_other_and_are_not_refused)
{
	struct two two = { .gate = gate_new() };
	pthread_t other;
	memory_init(&two.run, NULL, LIMIT);
	CHECK(two.gate != NULL);
	CHECK_EQUAL(pthread_create(&other, NULL, hold_much, &two), 0);
	(void)hold_much(&two);
	(void)pthread_join(other, NULL);
	CHECK_EQUAL(two.refused, 0);
	CHECK_EQUAL(atomic_load(&two.run.held), 0);
	gate_free(two.gate);
}

TESTS(refuses_what_is_beyond_the_limit_and_takes_nothing_then, counts_the_pages_of_arenas, counts_the_growth_of_buffers,
      large_jobs_wait_for_each_other_and_are_not_refused)
