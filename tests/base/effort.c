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
	CHECK(effort_spend(50)); /* the outer one is set again */
	CHECK_EQUAL(effort_spent(&outer), 50);
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

static uint8_t large[32 << 20]; /* zeros */

static void find_far(struct span bytes)
{
	CHECK(span_find_text(bytes, "far", 0) == SPAN_NOT_FOUND);
}

static void find_byte_far(struct span bytes)
{
	CHECK(span_find_byte(bytes, 'x', 0) == SPAN_NOT_FOUND);
}

static void compare_same(struct span bytes)
{
	CHECK(!span_equal(bytes, bytes));
}

static void digest_long(struct span bytes)
{
	uint8_t digest[SHA256_SIZE];
	digest_sha256(bytes, digest);
}

static void checksum_long(struct span bytes)
{
	CHECK_EQUAL(digest_crc32(0, bytes), 0);
}

static void measure_entropy(struct span bytes)
{
	CHECK(digest_entropy(bytes) == 0.0);
}

/* Time that is up already is seen long before the end of the bytes; without a meter they are gone over to it. */
TEST(goes_over_bytes_in_pieces)
{
	void (*const steps[])(struct span bytes) = { find_far, find_byte_far, compare_same, digest_long, checksum_long,
						     measure_entropy };
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct effort effort;
		effort_start(&effort, EFFORT_NO_LIMIT, 1);
		steps[i](span_of(large, sizeof large));
		CHECK_EQUAL(effort.end, EFFORT_TIME_UP);
		CHECK(effort_spent(&effort) < sizeof large / 16); /* none has paid for all of them */
		effort_stop(&effort);
	}
	CHECK(span_equal(span_of(large, sizeof large), span_of(large, sizeof large)));
}

/* What lies across the border of two pieces is found, and each piece goes on where the one before it ended. */
TEST(finds_across_pieces)
{
	enum { PIECE = 4 << 20 };
	uint8_t whole[SHA256_SIZE], parts[SHA256_SIZE];
	struct span bytes = span_of(large, sizeof large);
	memcpy(large + PIECE - 2, "far", 3);
	large[sizeof large - 1] = 'x';
	CHECK_EQUAL(span_find_text(bytes, "far", 0), PIECE - 2);
	CHECK_EQUAL(span_find_byte(bytes, 'x', 0), sizeof large - 1);
	CHECK(span_find_text(bytes, "far", PIECE - 1) == SPAN_NOT_FOUND);
	CHECK_EQUAL(digest_crc32(0, bytes), digest_crc32(digest_crc32(0, span_slice(bytes, 0, 12345)), span_from(bytes, 12345)));
	struct span both[] = { span_slice(bytes, 0, 777), span_from(bytes, 777) };
	digest_md5(bytes, whole);
	digest_md5_parts(both, 2, parts);
	CHECK(memcmp(whole, parts, MD5_SIZE) == 0);
	memset(large, 0, sizeof large);
}

TEST(pays_for_single_bytes)
{
	struct effort effort;
	effort_start(&effort, 10000, 0);
	size_t at = 0;
	while (effort_at(at))
		at++;
	CHECK(at >= 4096 && at <= 3 * 4096);
	effort_stop(&effort);
	CHECK(effort_at(4095));
}

TESTS(counts_what_is_spent, ends_for_good, ends_with_the_time, one_meter_within_another_and_none_in_a_pause,
      nothing_is_read_or_found_any_more, goes_over_bytes_in_pieces, finds_across_pieces, pays_for_single_bytes)
