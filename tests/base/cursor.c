#include "base/cursor.h"

#include "harness.h"

TEST(reads_both_byte_orders)
{
	struct cursor c = cursor_over(SPAN_LITERAL("\x01\x02\x03\x04\x05\x06\x07\x08"));
	CHECK_EQUAL(cursor_u16le(&c), 0x0201);
	CHECK_EQUAL(cursor_u16be(&c), 0x0304);
	CHECK_EQUAL(cursor_u32be(&c), 0x05060708);
	CHECK(cursor_ok(&c));
	CHECK_EQUAL(cursor_left(&c), 0);
}

TEST(fails_for_good_past_the_end)
{
	struct cursor c = cursor_over(SPAN_LITERAL("\x01\x02\x03"));
	CHECK_EQUAL(cursor_u32le(&c), 0);
	CHECK(!cursor_ok(&c));
	CHECK_EQUAL(cursor_u8(&c), 0);
	CHECK_EQUAL(cursor_left(&c), 0);
}

TEST(survives_huge_sizes)
{
	struct cursor c = cursor_over(SPAN_LITERAL("abc"));
	cursor_skip(&c, 1);
	cursor_skip(&c, UINT64_MAX);
	CHECK(!cursor_ok(&c));
}

TEST(aligns)
{
	struct cursor c = cursor_over(SPAN_LITERAL("abcdefgh"));
	cursor_skip(&c, 1);
	cursor_align(&c, 4);
	CHECK_EQUAL(c.at, 4);
	cursor_align(&c, 4);
	CHECK_EQUAL(c.at, 4);
}

TESTS(reads_both_byte_orders, fails_for_good_past_the_end, survives_huge_sizes, aligns)
