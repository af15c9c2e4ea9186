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

/* The next pieces: the size of each, negative where it is padding. */
static void check_pieces(struct span bytes, const int64_t *want, size_t count)
{
	struct claims none = { 0 };
	struct gap gap;
	uint64_t at = 0;
	for (size_t i = 0; i < count; i++) {
		REQUIRE(gaps_next(&none, bytes, &at, &gap));
		CHECK_EQUAL(gap.padding ? -(int64_t)gap.size : (int64_t)gap.size, want[i]);
	}
	CHECK(!gaps_next(&none, bytes, &at, &gap));
}
#define CHECK_PIECES(size, ...) \
	check_pieces(span_of(bytes, size), (const int64_t[]){ __VA_ARGS__ }, sizeof((const int64_t[]){ __VA_ARGS__ }) / 8)

/* At the front 16 bytes of filling are padding, within other bytes 4096, at the end any. */
TEST(short_fillings_are_padding_at_the_end_alone)
{
	static uint8_t bytes[SIZE];
	memset(bytes, 'x', SIZE);
	memset(bytes, 0xff, 15);
	CHECK_PIECES(100, 100);
	bytes[15] = 0xff;
	CHECK_PIECES(100, -16, 84);
	memset(bytes, 'x', 16);
	memset(bytes + 100, 0, 4095);
	CHECK_PIECES(SIZE, SIZE);
	CHECK_PIECES(4195, 100, -4095);
	bytes[4195] = 0;
	CHECK_PIECES(SIZE, 100, -4096, SIZE - 4196);
	bytes[2000] = 0xff; /* a run of two values is two */
	CHECK_PIECES(SIZE, SIZE);
	CHECK_PIECES(101, 100, -1);
	memset(bytes, 'A', 200); /* one value that is no filling is none */
	CHECK_PIECES(200, 200);
	memset(bytes, 0, 50);
	memset(bytes + 50, 0xff, 50);
	CHECK_PIECES(100, -50, -50);
	CHECK_PIECES(10, -10);
}

TESTS(short_fillings_are_padding_at_the_end_alone, leaves_no_byte_out, tells_padding_from_content)
