#include "base/word_search.h"

#include "base/effort.h"
#include "harness.h"

enum { SEEN_MAX = 16 };

static size_t seen_words[SEEN_MAX], seen_offsets[SEEN_MAX], seen_count;

static void see(void *context, size_t word, size_t offset)
{
	(void)context;
	if (seen_count < SEEN_MAX) {
		seen_words[seen_count] = word;
		seen_offsets[seen_count] = offset;
	}
	seen_count++;
}

TEST(finds_each_place_of_each_word)
{
	static const char text[] = "one two\0twofold one, two\xff\xfe\0\x01 end";
	const struct span words[] = { SPAN_LITERAL("two\0"), SPAN_LITERAL("twofold"), SPAN_LITERAL("one"), /* too short */
				      SPAN_LITERAL("\xff\xfe\0\x01"), SPAN_LITERAL("nowhere"), SPAN_LITERAL(" end"),
				      SPAN_LITERAL(" end of it"), SPAN_LITERAL("one t"), SPAN_LITERAL("one two") };
	struct arena arena;
	struct word_search search;
	arena_init(&arena, 1 << 20);
	REQUIRE(word_search_make(&arena, words, sizeof words / sizeof *words, &search) == DONE);
	seen_count = 0;
	CHECK(word_search_run(&search, span_of(text, sizeof text - 1), see, NULL));
	static const size_t expected[][2] = { { 7, 0 }, { 8, 0 }, { 0, 4 }, { 1, 8 }, { 3, 24 }, { 5, 28 } };
	REQUIRE(seen_count == sizeof expected / sizeof *expected);
	for (size_t i = 0; i < seen_count; i++) {
		CHECK_EQUAL(seen_words[i], expected[i][0]);
		CHECK_EQUAL(seen_offsets[i], expected[i][1]);
	}
	for (size_t size = 0; size < sizeof text; size++) /* never past the end, whatever is cut */
		CHECK(word_search_run(&search, span_of(text, size), see, NULL));
	arena_done(&arena);
}

TEST(says_where_effort_did_not_suffice)
{
	static const uint8_t zeros[1 << 16];
	const struct span word = SPAN_LITERAL("nothing");
	struct arena arena;
	struct word_search search;
	struct effort effort;
	arena_init(&arena, 1 << 20);
	REQUIRE(word_search_make(&arena, &word, 1, &search) == DONE);
	effort_start(&effort, 1 << 12, 0);
	CHECK(!word_search_run(&search, span_of(zeros, sizeof zeros), see, NULL));
	effort_stop(&effort);
	CHECK(word_search_run(&search, span_of(zeros, sizeof zeros), see, NULL));
	arena_done(&arena);
}

TESTS(finds_each_place_of_each_word, says_where_effort_did_not_suffice)
