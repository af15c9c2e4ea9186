#include "base/pattern.h"

#include "harness.h"

static const struct pattern patterns[] = {
	{ "BusyBox v(\\d+\\.\\d+(?:\\.\\d+)?)", 0 },
	{ "^root:([^:\\n]*):", PATTERN_MULTILINE },
	{ "openssl", PATTERN_CASELESS | PATTERN_ONCE },
};
enum { COUNT = sizeof patterns / sizeof *patterns };

/* A scanner over a set that has been saved and read back, as at run time. */
static struct pattern_scanner *make_scanner(struct pattern_set **set)
{
	struct arena arena;
	struct span error = SPAN_NONE;
	struct pattern_set *compiled;
	struct pattern_scanner *scanner = NULL;
	void *saved;
	size_t size;
	arena_init(&arena, 1 << 20);
	CHECK(pattern_set_compile(patterns, COUNT, &arena, &compiled, &error) == DONE);
	CHECK(pattern_set_save(compiled, &saved, &size) == DONE);
	CHECK(pattern_set_load(span_of(saved, size), patterns, COUNT, set) == DONE);
	CHECK(pattern_scanner_new(*set, &scanner) == DONE);
	pattern_set_free(compiled);
	free(saved);
	arena_done(&arena);
	return scanner;
}

TEST(finds_and_captures)
{
	struct pattern_set *set;
	struct pattern_scanner *scanner = make_scanner(&set);
	struct span text = SPAN_LITERAL("xx\nroot:$1$abc:0:0\nBusyBox v1.19.4 (2012)\nBusyBox v1.20 OpenSSL openssl");
	const struct pattern_hit *hits;
	size_t count;
	struct pattern_match match;
	CHECK(pattern_scan(scanner, text, &hits, &count) == DONE);
	REQUIRE(count == 4);
	CHECK(pattern_capture(scanner, text, &hits[0], &match));
	CHECK_TEXT(match.groups[1], "1.19.4");
	CHECK_TEXT(match.groups[0], "BusyBox v1.19.4");
	CHECK(pattern_capture(scanner, text, &hits[1], &match));
	CHECK_TEXT(match.groups[1], "1.20");
	CHECK_EQUAL(hits[2].pattern, 1);
	CHECK(pattern_capture(scanner, text, &hits[2], &match));
	CHECK_TEXT(match.groups[1], "$1$abc");
	CHECK_EQUAL(hits[3].pattern, 2);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
}

TEST(scans_again_from_the_start)
{
	struct pattern_set *set;
	struct pattern_scanner *scanner = make_scanner(&set);
	const struct pattern_hit *hits;
	size_t count;
	for (int turn = 0; turn < 3; turn++) {
		CHECK(pattern_scan(scanner, SPAN_LITERAL("OPENSSL"), &hits, &count) == DONE);
		CHECK_EQUAL(count, 1);
		CHECK(pattern_scan(scanner, SPAN_LITERAL("nothing"), &hits, &count) == DONE);
		CHECK_EQUAL(count, 0);
	}
	pattern_scanner_free(scanner);
	pattern_set_free(set);
}

TEST(limits_the_hits_of_a_pattern)
{
	struct pattern_set *set;
	struct pattern_scanner *scanner = make_scanner(&set);
	const struct pattern_hit *hits;
	size_t count;
	static char text[20000 * 16];
	for (size_t i = 0; i < sizeof text; i += 16)
		memcpy(text + i, "BusyBox v1.19.4 ", 16);
	CHECK(pattern_scan(scanner, span_of(text, sizeof text), &hits, &count) == DONE);
	CHECK_EQUAL(count, PATTERN_HITS_MAX);
	CHECK_EQUAL(pattern_dropped(scanner, 0, 1), 20000 - PATTERN_HITS_MAX);
	CHECK_EQUAL(pattern_dropped(scanner, 1, 2), 0);
	CHECK(pattern_scan(scanner, span_of(text, PATTERN_HITS_MAX * 16), &hits, &count) == DONE);
	CHECK_EQUAL(count, PATTERN_HITS_MAX);
	CHECK_EQUAL(pattern_dropped(scanner, 0, COUNT), 0);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
}

TEST(names_the_bad_expression)
{
	static const struct pattern bad[] = { { "good", 0 }, { "bad(", 0 } };
	struct arena arena;
	struct pattern_set *set;
	struct span error = SPAN_NONE;
	arena_init(&arena, 1 << 20);
	CHECK(pattern_set_compile(bad, 2, &arena, &set, &error) == MALFORMED);
	CHECK(span_starts_text(error, "bad("));
	arena_done(&arena);
}

TESTS(finds_and_captures, scans_again_from_the_start, limits_the_hits_of_a_pattern, names_the_bad_expression)
