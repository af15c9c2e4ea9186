#include "engine/coverage.h"

#include "evidence/query.h"
#include "harness.h"

enum { SIZE = 4096 };
static uint8_t bytes[SIZE];
static const struct span image = { bytes, SIZE };

static void add(struct coverage *coverage, uint64_t offset, uint64_t size, const char *kind)
{
	const struct range_sighting range = { .offset = offset, .size = size, .kind = kind,
					      .bytes = span_slice(image, offset, size),
					      .label = span_of_text(kind), .volume = 2 };
	CHECK_EQUAL(coverage_add(coverage, &range), DONE);
}

/* Ranges follow each other from the first byte to the last, each with its own bytes. */
static void check_whole(const struct coverage *coverage)
{
	uint64_t at = 0;
	for (size_t i = 0; i < coverage->count; i++) {
		const struct range_sighting *range = &coverage->ranges[i];
		CHECK_EQUAL(range->offset, at);
		CHECK(range->size > 0);
		CHECK(range->bytes.data == bytes + range->offset && range->bytes.size == range->size);
		at += range->size;
	}
	CHECK_EQUAL(at, SIZE);
}

static void check_range(const struct coverage *coverage, size_t number, uint64_t offset, const char *kind)
{
	REQUIRE(number < coverage->count);
	CHECK_EQUAL(coverage->ranges[number].offset, offset);
	CHECK_TEXT(span_of_text(coverage->ranges[number].kind), kind);
}

TEST(what_nobody_named_is_opaque)
{
	struct coverage coverage;
	coverage_init(&coverage);
	CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
	check_whole(&coverage);
	CHECK_EQUAL(coverage.count, 1);
	check_range(&coverage, 0, 0, "opaque");
	coverage_done(&coverage);
}

TEST(fills_holes_in_any_order)
{
	struct coverage coverage;
	coverage_init(&coverage);
	add(&coverage, 3000, 96, "archive");
	add(&coverage, 100, 900, "filesystem");
	add(&coverage, 1000, 1000, "padding");
	CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
	check_whole(&coverage);
	CHECK_EQUAL(coverage.count, 6);
	check_range(&coverage, 0, 0, "opaque");
	check_range(&coverage, 1, 100, "filesystem");
	check_range(&coverage, 2, 1000, "padding");
	check_range(&coverage, 3, 2000, "opaque");
	check_range(&coverage, 4, 3000, "archive");
	check_range(&coverage, 5, 3096, "opaque");
	coverage_done(&coverage);
}

TEST(the_earlier_range_keeps_what_overlaps)
{
	struct coverage coverage;
	coverage_init(&coverage);
	add(&coverage, 500, 1000, "archive");
	add(&coverage, 0, 1000, "filesystem");
	add(&coverage, 0, 10, "header");
	add(&coverage, 600, 100, "data");
	add(&coverage, 1500, SIZE - 1500, "padding");
	CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
	check_whole(&coverage);
	CHECK_EQUAL(coverage.count, 3);
	check_range(&coverage, 0, 0, "filesystem");
	check_range(&coverage, 1, 1000, "archive");
	check_range(&coverage, 2, 1500, "padding");
	coverage_done(&coverage);
}

TEST(nothing_lies_past_the_image)
{
	struct coverage coverage;
	coverage_init(&coverage);
	add(&coverage, 4000, 5000, "archive");
	add(&coverage, SIZE, 10, "data");
	add(&coverage, 10000, UINT64_MAX, "data");
	add(&coverage, 200, 0, "header");
	CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
	check_whole(&coverage);
	CHECK_EQUAL(coverage.count, 2);
	check_range(&coverage, 1, 4000, "archive");
	coverage_done(&coverage);
}

/* Against a table of bytes, each taken by the first range that reaches it in the order of their offsets. */
TEST(many_ranges_leave_no_byte_out)
{
	static uint64_t starts[SIZE];
	uint32_t random = 1;
	for (int round = 0; round < 200; round++) {
		struct coverage coverage;
		coverage_init(&coverage);
		memset(starts, 0xff, sizeof starts);
		for (int i = 0; i < 40; i++) {
			random = random * 1664525 + 1013904223;
			uint64_t offset = (random >> 8) % SIZE, size = (random >> 20) % 300;
			add(&coverage, offset, size, "data");
			for (uint64_t at = offset; at < offset + size && at < SIZE; at++)
				starts[at] = 0;
		}
		CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
		check_whole(&coverage);
		for (size_t i = 0; i < coverage.count; i++)
			for (uint64_t at = 0; at < coverage.ranges[i].size; at++)
				REQUIRE((starts[coverage.ranges[i].offset + at] == 0) ==
					(strcmp(coverage.ranges[i].kind, "data") == 0));
		coverage_done(&coverage);
	}
}

TEST(totals_and_rows_add_up)
{
	struct coverage coverage;
	struct evidence *evidence;
	coverage_init(&coverage);
	add(&coverage, 0, 1000, "filesystem");
	add(&coverage, 1000, 500, "padding");
	CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database, "INSERT INTO artifact (id, name, size, kind, reason) VALUES (1, 'a', 4096, 'data', 'x');"
			  "INSERT INTO image (name, size, sha256, kind) VALUES ('a', 4096, '', 'firmware')") == DONE);
	CHECK_EQUAL(coverage_write(&coverage, 1, evidence), DONE);
	CHECK_EQUAL(coverage_sum_up(evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT understood FROM image"), 1500);
	CHECK_EQUAL(query_number(database, "SELECT padding FROM artifact"), 500);
	CHECK_EQUAL(query_number(database, "SELECT opaque FROM image"), SIZE - 1500);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM range"), 3);
	CHECK_EQUAL(query_number(database, "SELECT sum(size) FROM range"), SIZE);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM range WHERE kind = 'opaque' AND entropy = 0.0"), 1);
	CHECK_EQUAL(query_number(database, "SELECT count(*) FROM range WHERE kind <> 'opaque' AND entropy IS NULL"), 2);
	evidence_free(evidence);
	coverage_done(&coverage);
}

/* A range that is a volume is as opaque as what the volume holds; one that is cut, in proportion. */
TEST(ranges_of_volumes_are_as_opaque_as_they)
{
	struct coverage coverage;
	struct evidence *evidence;
	coverage_init(&coverage);
	add(&coverage, 0, 1000, "header");
	const struct range_sighting volume = { .offset = 500, .size = 1000, .kind = "archive", .label = SPAN_LITERAL("gzip"),
					       .bytes = span_slice(image, 500, 1000), .volume = 2, .whole = true };
	CHECK_EQUAL(coverage_add(&coverage, &volume), DONE);
	const struct range_sighting inner = { .offset = 10, .size = 40, .kind = "data", .label = SPAN_LITERAL("inner"),
					      .volume = 2, .within = 2, .file = 7 };
	CHECK_EQUAL(coverage_add(&coverage, &inner), DONE);
	CHECK_EQUAL(coverage_complete(&coverage, image), DONE);
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database, "INSERT INTO volume (id, format, offset, size, state, opaque) VALUES"
			  " (2, 'gzip', 500, 1000, 'read', 800);"
			  "INSERT INTO file (id, volume, path, type, size, state, opaque) VALUES (7, 2, 'x', 'file', 40, 'read', 30)")
		== DONE);
	CHECK_EQUAL(coverage_write(&coverage, 1, evidence), DONE);
	CHECK_EQUAL(query_number(database, "SELECT opaque FROM range WHERE volume = 2 AND within IS NULL"
				 " AND offset = 1000 AND kind = 'opaque'"), 400);
	CHECK_EQUAL(query_number(database, "SELECT opaque FROM range WHERE within = 2 AND offset = 10"), 30);
	CHECK_EQUAL(query_number(database, "SELECT opaque FROM range WHERE within = 2 AND offset = 0"), 10);
	CHECK_EQUAL(query_number(database, "SELECT sum(size) FROM range WHERE within IS NULL"), SIZE);
	evidence_free(evidence);
	coverage_done(&coverage);
}

TESTS(what_nobody_named_is_opaque, fills_holes_in_any_order, the_earlier_range_keeps_what_overlaps,
      nothing_lies_past_the_image, many_ranges_leave_no_byte_out, totals_and_rows_add_up,
      ranges_of_volumes_are_as_opaque_as_they)
