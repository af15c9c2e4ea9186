#include "base/budget.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "harness.h"

enum { MEBIBYTE = 1 << 20 };

static struct budget budget_of(uint64_t image_size)
{
	struct budget budget;
	budget_init(&budget, image_size);
	return budget;
}

TEST(is_sane_for_any_size)
{
	static const uint64_t sizes[] = { 0, 1, 4 * MEBIBYTE, (uint64_t)100 * MEBIBYTE, UINT64_MAX };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct budget budget = budget_of(sizes[i]);
		CHECK(budget.bytes_left >= (uint64_t)1024 * MEBIBYTE);
		CHECK(budget.held == (uint64_t)512 * MEBIBYTE);
		CHECK(budget.entries_left > 0 && budget.depth > 0);
	}
}

TEST(spends_to_the_last_and_no_further)
{
	struct budget budget = budget_of(0);
	budget.bytes_left = 10;
	budget.entries_left = 1;
	CHECK(budget_spend_bytes(&budget, 4));
	CHECK(!budget_spend_bytes(&budget, 7));
	CHECK(budget_spend_bytes(&budget, 6));
	CHECK(!budget_spend_bytes(&budget, 1));
	CHECK(budget_spend_entry(&budget));
	CHECK(!budget_spend_entry(&budget));
}

TEST(stops_when_the_time_is_up)
{
	struct budget budget = budget_of(0);
	budget.deadline = 1;
	CHECK(budget_expired(&budget));
	CHECK(!budget_spend_bytes(&budget, 1));
	CHECK(!budget_spend_entry(&budget));
}

TEST(shares_by_weight_without_starving_the_small)
{
	struct budget whole = budget_of(0), small, large;
	budget_share(&small, &whole, 0, 1000, 10);
	budget_share(&large, &whole, 900, 1000, 10);
	CHECK(small.bytes_left >= MEBIBYTE);
	CHECK(small.entries_left >= 1000);
	CHECK(large.bytes_left > whole.bytes_left / 10 * 8);
	CHECK(large.held <= whole.held);
	/* Very many jobs do not multiply what the whole may cost. */
	budget_share(&small, &whole, 0, 1000, 1000000);
	CHECK_EQUAL(small.bytes_left, MEBIBYTE);
}

TEST(leaves_room_for_what_follows)
{
	struct budget budget = budget_of(0);
	uint64_t held = 0;
	for (int i = 0; i < 100; i++)
		held += budget_room(&budget, held);
	CHECK(held <= budget.held);
	CHECK_EQUAL(budget_room(&budget, UINT64_MAX), 0);
}

TEST(bounds_a_buffer)
{
	struct budget budget = budget_of(0);
	struct buffer buffer;
	budget.bytes_left = 100;
	buffer_init(&buffer, 1000, &budget);
	CHECK_EQUAL(buffer_append_zeros(&buffer, 100), DONE);
	CHECK_EQUAL(buffer_append_zeros(&buffer, 1), OVER_BUDGET);
	CHECK_EQUAL(buffer.size, 100);
	CHECK_EQUAL(buffer_repeat(&buffer, 101, 1), MALFORMED);
	CHECK_EQUAL(buffer_repeat(&buffer, 0, 1), MALFORMED);
	budget.bytes_left = 10000;
	CHECK_EQUAL(buffer_reserve(&buffer, SIZE_MAX), OVER_BUDGET);
	CHECK_EQUAL(buffer_append_zeros(&buffer, 901), OVER_BUDGET);
	CHECK_EQUAL(buffer_append_zeros(&buffer, 900), DONE);
	buffer_done(&buffer);
}

TEST(bounds_an_arena)
{
	struct arena arena;
	arena_init(&arena, 1000);
	CHECK(arena_allocate(&arena, SIZE_MAX, 2) == NULL);
	CHECK(arena_allocate(&arena, SIZE_MAX, 1) == NULL);
	CHECK(arena_allocate(&arena, 1001, 1) == NULL);
	uint8_t *bytes = arena_allocate(&arena, 600, 1);
	REQUIRE(bytes != NULL);
	for (size_t i = 0; i < 600; i++)
		CHECK_EQUAL(bytes[i], 0);
	memset(bytes, 0xff, 600);
	CHECK(arena_allocate(&arena, 600, 1) == NULL);
	arena_reset(&arena);
	bytes = arena_allocate(&arena, 600, 1);
	REQUIRE(bytes != NULL);
	CHECK_EQUAL(bytes[599], 0);
	arena_done(&arena);
}

TESTS(is_sane_for_any_size, spends_to_the_last_and_no_further, stops_when_the_time_is_up,
      shares_by_weight_without_starving_the_small, leaves_room_for_what_follows, bounds_a_buffer, bounds_an_arena)
