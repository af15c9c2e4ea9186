/* The words that every match of an expression holds. */
#include "base/pattern_word.h"

#include "harness.h"

static struct arena arena;

static void check(const char *expression, const char *first, size_t count, uint32_t least, uint32_t most)
{
	struct pattern_words words;
	const char *problem = "";
	enum outcome outcome = pattern_words_of(&arena, expression, &words, &problem);
	if (outcome != DONE || words.count != count || words.before_least != least || words.before_most != most ||
	    !span_equal_text(words.all[0], first))
		harness_fail(__FILE__, __LINE__, "%s: %s, %zu words, the first is %.*s, %u to %u before it", expression, problem,
			     outcome == DONE ? words.count : 0, SPAN_FORMAT(outcome == DONE ? words.all[0] : SPAN_NONE),
			     outcome == DONE ? words.before_least : 0, outcome == DONE ? words.before_most : 0);
}

static void check_refused(const char *expression, const char *why)
{
	struct pattern_words words;
	const char *problem = "";
	CHECK_EQUAL(pattern_words_of(&arena, expression, &words, &problem), MALFORMED);
	CHECK_TEXT(span_of_text(problem ? problem : ""), why);
}

TEST(are_the_rarest)
{
	arena_init(&arena, 16 << 20);
	check("BusyBox v(\\d+\\.\\d+)", "BusyBox v", 1, 0, 0);
	check("-\\d[^-]{0,40}-[^-]{1,40}\\.debug", ".debug", 1, 4, 83);
	check("(?:nc|ncat|netcat) [^\\n]{1,120}-e", "nc ", 3, 0, 0);
	check("[0-9]{1,3}\\.[0-9]{1,3}x", ".0", 10, 1, 3);
	check("gh[po]_[0-9A-Za-z]{36}", "gho_", 2, 0, 0);
	check("^root:([^:\\n]*):", "root:", 1, 0, 0);
	check("[^\\n]?\\x41b\\n?c{2}d", "Ab\nccd", 2, 0, 1);
	check("ab*cd+ef", "a", 1, 0, 0);
	arena_done(&arena);
}

TEST(are_missing_where_there_are_none)
{
	arena_init(&arena, 16 << 20);
	check_refused("[^\\n]{1,120}", "no word at a bounded distance from its start");
	check_refused("[^\\n]*word", "no word at a bounded distance from its start");
	check_refused("word|[^\\n]", "no word at a bounded distance from its start");
	check_refused("(?:word)?", "no word at a bounded distance from its start");
	check_refused("", "no word at a bounded distance from its start");
	check_refused("a(?=b)", "a group that is not known");
	check_refused("a(b", "a group without an end");
	check_refused("ab)", "a group without a start");
	check_refused("[ab", "a class that is not known");
	check_refused("[[:alpha:]]b", "a class that is not known");
	check_refused("(a)\\1", "an escape that is not known");
	check_refused("a\\", "an escape that is not known");
	check_refused("*a", "nothing to repeat");
	check_refused("a{3,1}", "a repetition that is not known");
	check_refused("a{1,99999}", "too many repetitions");
	arena_done(&arena);
}

TESTS(are_the_rarest, are_missing_where_there_are_none)
