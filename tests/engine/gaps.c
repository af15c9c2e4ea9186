#include "engine/gaps.h"

#include "harness.h"

enum { SIZE = 20000 };

/* Every byte that is not claimed lies in exactly one gap, and none that is claimed in any. */
static void check_partition(const struct claims *claims, struct span bytes)
{
	static uint8_t seen[SIZE];
	struct gap gap;
	uint64_t at = 0;
	memset(seen, 0, sizeof seen);
	for (const struct claim *claim = claims->first; claim; claim = claim->next)
		for (uint64_t i = 0; i < claim->size && claim->offset + i < bytes.size; i++)
			seen[claim->offset + i] = 1;
	while (gaps_next(claims, bytes, &at, &gap)) {
		REQUIRE(gap.size > 0 && span_covers(bytes, gap.offset, gap.size));
		for (uint64_t i = 0; i < gap.size; i++)
			CHECK_EQUAL(seen[gap.offset + i]++, 0);
	}
	for (size_t i = 0; i < bytes.size; i++)
		REQUIRE(seen[i] == 1);
}

TEST(leaves_no_byte_out)
{
	static uint8_t bytes[SIZE];
	struct arena arena;
	struct claims none = { 0 }, some = { 0 };
	arena_init(&arena, 1 << 20);
	memset(bytes, 'x', 5000);
	memset(bytes + 5000, 0xff, 6000);
	memset(bytes + 11000, 'y', 100);
	check_partition(&none, span_of(bytes, SIZE));
	claims_add(&some, &arena, 0, 10);
	claims_add(&some, &arena, 4000, 2000);
	claims_add(&some, &arena, 5000, 500);
	claims_add(&some, &arena, SIZE - 1, 100);
	check_partition(&some, span_of(bytes, SIZE));
	arena_done(&arena);
}

TEST(tells_padding_from_content)
{
	uint8_t bytes[64] = { 'a', 'b' };
	struct claims none = { 0 };
	struct gap gap;
	uint64_t at = 0;
	REQUIRE(gaps_next(&none, span_of(bytes, sizeof bytes), &at, &gap));
	CHECK(!gap.padding);
	CHECK_EQUAL(gap.size, 2);
	REQUIRE(gaps_next(&none, span_of(bytes, sizeof bytes), &at, &gap));
	CHECK(gap.padding);
	CHECK_EQUAL(gap.size, 62);
	CHECK(!gaps_next(&none, span_of(bytes, sizeof bytes), &at, &gap));
}

TESTS(leaves_no_byte_out, tells_padding_from_content)
