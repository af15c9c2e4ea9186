/*
 * However large an input is, the clock is looked at all the way: no step spends much between two looks, and once the time
 * is up hardly anything is done any more. Counted in units of the meter and in calls of it, which no load of the machine
 * changes. The limit of time is met at a number of looks, by a clock of this test's own.
 */
#include "assay/assay.h"
#include "base/clock.h"
#include "base/effort.h"
#include "harness.h"

enum { MEBIBYTE = 1 << 20, SIZE = 48 * MEBIBYTE };
/* Of a single step: what some ten megabytes cost. */
static const uint64_t STEP_MOST = 40000000;
/* A millisecond of the test's clock passes at each look at it. */
enum { LIMIT_MS = 50, LOOKS_MOST = 500 };
/* Attempts to go on once there is no more time: fewer than one for every 4096 bytes. */
enum { LATE_MOST = 5000 };

static uint64_t largest_step, looks, calls_late;
static int64_t time_now;

bool __real_effort_spend_window(struct effort *effort, uint64_t units);
bool __wrap_effort_spend_window(struct effort *effort, uint64_t units);
int64_t __wrap_clock_monotonic_ms(void);

bool __wrap_effort_spend_window(struct effort *effort, uint64_t units)
{
	if (effort->end != EFFORT_GOES_ON)
		calls_late++;
	else if (units > largest_step)
		largest_step = units;
	return __real_effort_spend_window(effort, units);
}

int64_t __wrap_clock_monotonic_ms(void)
{
	looks++;
	return time_now += 1;
}

/* What a piece of 1 MiB repeats. */
static void fill(uint8_t *bytes, struct span line)
{
	uint32_t state = 12345;
	for (size_t i = 0; i < SIZE; i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = line.size > 0 ? line.data[i % line.size] : (uint8_t)(state >> 24);
	}
}

static enum assay_status run(const uint8_t *bytes, uint64_t limit)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	char *text = NULL;
	size_t length = 0;
	largest_step = looks = calls_late = 0;
	time_now = 1;
	options.jobs = 1;
	options.time_limit_ms = limit;
	enum assay_status status = assay_image(bytes, SIZE, "large.bin", &options, &result);
	if (status == ASSAY_DONE)
		status = assay_report(result, "json", &text, &length);
	assay_release(text);
	assay_free(result);
	return status;
}

static void look(const char *what, struct span line)
{
	uint8_t *bytes = malloc(SIZE);
	CHECK(bytes != NULL);
	if (!bytes)
		return;
	fill(bytes, line);
	CHECK_EQUAL(run(bytes, 0), ASSAY_DONE);
	printf("# %s: at most %llu units at once\n", what, (unsigned long long)largest_step);
	CHECK(largest_step < STEP_MOST);
	/* The limit, and the least that judging and the report have after it, are some looks each. */
	enum assay_status status = run(bytes, LIMIT_MS);
	CHECK(status == ASSAY_DONE || status == ASSAY_LIMIT);
	printf("# %s, cut off: %llu looks, %llu calls after the end\n", what, (unsigned long long)looks,
	       (unsigned long long)calls_late);
	CHECK(looks < LOOKS_MOST);
	CHECK(calls_late < LATE_MOST);
	free(bytes);
}

TEST(zeros)
{
	look("zeros", span_of("\0", 1));
}

TEST(random_bytes)
{
	look("random bytes", SPAN_NONE);
}

TEST(lines_of_text)
{
	look("text", SPAN_LITERAL("the quick brown fox = jumps over the lazy dog, password: 0123456789\n"));
}

TEST(empty_lines)
{
	look("empty lines", SPAN_LITERAL("\n"));
}

TEST(one_line)
{
	look("one line", SPAN_LITERAL("a"));
}

TESTS(zeros, random_bytes, lines_of_text, empty_lines, one_line)
