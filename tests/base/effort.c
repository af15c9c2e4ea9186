/* The meter: spends, ends for good, and everything that goes over bytes ends with it. */
#include "base/effort.h"

#include "base/cursor.h"
#include "base/digest.h"
#include "harness.h"

TEST(counts_what_is_spent)
{
	struct effort effort;
	effort_start(&effort, 10000000, 0);
	CHECK(effort_spend(1234));
	CHECK(effort_spend(5000000)); /* beyond a window */
	CHECK_EQUAL(effort_spent(&effort), 5001234);
	effort_stop(&effort);
	CHECK(effort_spend(UINT64_MAX)); /* nothing is counted */
	CHECK_EQUAL(effort_spent(&effort), 5001234);
}

TEST(ends_for_good)
{
	struct effort effort;
	effort_start(&effort, 100, 0);
	CHECK(effort_spend(60));
	CHECK(!effort_spend(60));
	CHECK(!effort_spend(1));
	CHECK(effort_over());
	CHECK_EQUAL(effort.end, EFFORT_USED_UP);
	effort_stop(&effort);
	CHECK(!effort_over());
}

TEST(ends_with_the_time)
{
	struct effort effort;
	effort_start(&effort, EFFORT_NO_LIMIT, 1);
	bool going = true;
	for (int i = 0; i < 4000 && going; i++)
		going = effort_spend(1000);
	CHECK(!going);
	CHECK_EQUAL(effort.end, EFFORT_TIME_UP);
	effort_stop(&effort);
}

TEST(one_meter_within_another_and_none_in_a_pause)
{
	struct effort outer, inner;
	effort_start(&outer, 1000, 0);
	effort_start(&inner, 1000, 0);
	CHECK(effort_spend(100));
	struct effort *paused = effort_pause();
	CHECK(effort_spend(1000000));
	effort_resume(paused);
	effort_stop(&inner);
	CHECK_EQUAL(effort_spent(&inner), 100);
	CHECK_EQUAL(effort_spent(&outer), 0);
	effort_stop(&outer);
}

/* Loops over an image end because what they stand on ends. */
TEST(nothing_is_read_or_found_any_more)
{
	struct effort effort;
	struct cursor c = cursor_over(SPAN_LITERAL("some bytes"));
	uint8_t digest[SHA256_SIZE];
	effort_start(&effort, 10, 0);
	CHECK(!effort_spend(11));
	(void)cursor_u32le(&c);
	CHECK(!cursor_ok(&c));
	CHECK(span_find_text(SPAN_LITERAL("some bytes"), "bytes", 0) == SPAN_NOT_FOUND);
	CHECK(span_find_byte(SPAN_LITERAL("some bytes"), 'b', 0) == SPAN_NOT_FOUND);
	CHECK(!span_equal(SPAN_LITERAL("same"), SPAN_LITERAL("same")));
	digest_sha256(SPAN_LITERAL("some bytes"), digest);
	CHECK_EQUAL(digest[0] | digest[31], 0);
	effort_stop(&effort);
}

TESTS(counts_what_is_spent, ends_for_good, ends_with_the_time, one_meter_within_another_and_none_in_a_pause,
      nothing_is_read_or_found_any_more)
