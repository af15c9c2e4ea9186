#include "engine/understood.h"

#include "harness.h"

enum { SIZE = 256 * 1024 };
static uint8_t bytes[SIZE];

static void fill_random(size_t from, size_t size)
{
	uint32_t state = 12345 + (uint32_t)from;
	for (size_t i = from; i < from + size; i++) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		bytes[i] = (uint8_t)(state >> 8);
	}
}

/* Bytes of no format, of few values. */
static void fill_sparse(size_t from, size_t size)
{
	for (size_t i = from; i < from + size; i++)
		bytes[i] = (uint8_t)(0x80 + i * i % 23);
}

static struct understood_sums sums_of(size_t size, enum content_kind kind, uint64_t least)
{
	struct understood content;
	struct understood_sums sums = { 0 };
	understood_begin(&content, SPAN_LITERAL("x"), span_of(bytes, size), kind, least);
	understood_add(&content, &sums);
	return sums;
}

/* Stretches follow each other from the first byte to the last. */
static size_t check_stretches(struct understood *content, struct stretch *out, size_t most)
{
	uint64_t at = 0, end = 0;
	size_t count = 0;
	struct stretch stretch;
	while (understood_next(content, &at, &stretch)) {
		CHECK_EQUAL(stretch.offset, end);
		CHECK(stretch.size > 0);
		end = stretch.offset + stretch.size;
		if (count < most)
			out[count] = stretch;
		count++;
	}
	CHECK_EQUAL(end, content->bytes.size);
	return count;
}

TEST(a_mixed_file_is_split)
{
	struct understood content;
	struct stretch got[4];
	fill_sparse(0, 65536);
	fill_random(65536, 65536);
	memset(bytes + 131072, 0xff, 65536);
	fill_sparse(196608, 65536);
	understood_begin(&content, SPAN_NONE, span_of(bytes, SIZE), KIND_DATA, UNDERSTOOD_RAW_LEAST);
	REQUIRE(check_stretches(&content, got, 4) == 4);
	CHECK(got[0].nature == NATURE_OPAQUE && !got[0].dense && got[0].size == 65536);
	CHECK(got[1].nature == NATURE_OPAQUE && got[1].dense && got[1].size == 65536);
	CHECK(got[2].nature == NATURE_PADDING && got[2].size == 65536);
	CHECK(got[3].nature == NATURE_OPAQUE && !got[3].dense);
}

TEST(what_is_held_is_passed_over)
{
	struct understood content;
	struct stretch stretch;
	struct claim second = { .offset = 50000, .size = 10000 }, first = { .offset = 0, .size = 4096, .next = &second };
	uint64_t at = 0, total = 0;
	fill_sparse(0, SIZE);
	understood_begin(&content, SPAN_NONE, span_of(bytes, 100000), KIND_DATA, UNDERSTOOD_RAW_LEAST);
	content.held = &first;
	while (understood_next(&content, &at, &stretch)) {
		CHECK(stretch.offset >= 4096 && (stretch.offset + stretch.size <= 50000 || stretch.offset >= 60000));
		total += stretch.size;
	}
	CHECK_EQUAL(total, 100000 - 14096);
}

/* From 64 bytes on random bytes are told from others, and texts and code never look like them. */
TEST(density_holds_at_every_size)
{
	static const size_t sizes[] = { 64, 100, 128, 200, 256, 400, 512, 1000, 1024, 2048, 4096, 4100, 65536 };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t dense = 0;
		for (size_t from = 0; from < 100; from++) {
			fill_random(from * 17, sizes[i]);
			dense += understood_is_dense(span_of(bytes + from * 17, sizes[i]));
		}
		if (dense < 100)
			harness_fail(__FILE__, __LINE__, "%zu of 100 runs of %zu random bytes are dense", dense, sizes[i]);
		fill_sparse(0, sizes[i]);
		CHECK(!understood_is_dense(span_of(bytes, sizes[i])));
	}
	fill_random(0, 63);
	CHECK(!understood_is_dense(span_of(bytes, 63)));
}

TEST(few_unknown_bytes_say_nothing)
{
	fill_sparse(0, SIZE);
	CHECK_EQUAL(sums_of(511, KIND_DATA, UNDERSTOOD_FILE_LEAST).opaque, 0);
	CHECK_EQUAL(sums_of(512, KIND_DATA, UNDERSTOOD_FILE_LEAST).opaque, 512);
	CHECK_EQUAL(sums_of(31, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque, 0);
	CHECK_EQUAL(sums_of(32, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque, 32);
	fill_random(0, 512);
	CHECK_EQUAL(sums_of(100, KIND_DATA, UNDERSTOOD_FILE_LEAST).opaque, 100);
	CHECK_EQUAL(sums_of(100, KIND_DATA, UNDERSTOOD_FILE_LEAST).dense, 100);
	CHECK_EQUAL(sums_of(63, KIND_DATA, UNDERSTOOD_FILE_LEAST).opaque, 0);
}

TEST(only_zeros_and_erased_flash_are_padding)
{
	static const struct {
		uint8_t value;
		bool padding;
	} all[] = { { 0x00, true }, { 0xff, true }, { 0x90, false }, { 0x01, false } };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		memset(bytes, all[i].value, 65536);
		struct understood_sums sums = sums_of(65536, KIND_DATA, UNDERSTOOD_RAW_LEAST);
		CHECK_EQUAL(sums.padding, all[i].padding ? 65536 : 0);
		CHECK_EQUAL(sums.opaque, all[i].padding ? 0 : 65536);
	}
}

TEST(code_may_have_tables_and_no_more)
{
	fill_sparse(0, SIZE);
	memcpy(bytes, "U-Boot 2010.06 (test)", 21);
	fill_random(65536, 32768);
	CHECK_EQUAL(sums_of(SIZE, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque, 0);
	CHECK(sums_of(SIZE, KIND_DATA, UNDERSTOOD_RAW_LEAST).opaque > 0); /* a file that names a boot loader is none */
	fill_random(65536, 131072);
	CHECK_EQUAL(sums_of(SIZE, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque, 131072);
}

/* A kernel that reads RedBoot's table of partitions names RedBoot. */
TEST(a_kernel_that_names_a_boot_loader_is_none)
{
	static const char banner[] = "Linux version 4.1.10 (a@b) (gcc version 4.8.3 (x) ) #1 Thu Nov 5 13:07:38 UTC 2015\n";
	static const char words[] = "Kernel panic - not syncing: %s\n\0RedBoot(tm) config";
	struct understood content;
	fill_sparse(0, SIZE);
	bytes[0] = 0;
	memcpy(bytes + 4096, banner, sizeof banner);
	memcpy(bytes + 8192, words, sizeof words);
	understood_begin(&content, SPAN_LITERAL("x"), span_of(bytes, SIZE), KIND_PART, UNDERSTOOD_RAW_LEAST);
	CHECK_TEXT(span_of_text(content.range), "kernel");
	memset(bytes + 4096, 0x90, sizeof banner);
	understood_begin(&content, SPAN_LITERAL("x"), span_of(bytes, SIZE), KIND_PART, UNDERSTOOD_RAW_LEAST);
	CHECK_TEXT(span_of_text(content.range), "boot");
}

TEST(the_code_before_a_kernel_is_known_by_its_words)
{
	static const char words[] = "Uncompressing Linux...\0 done, booting the kernel.\n\0\n\n -- System halted";
	fill_sparse(0, SIZE);
	bytes[0] = 0;
	CHECK_EQUAL(sums_of(20000, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque, 20000);
	memcpy(bytes + 4096, words, sizeof words);
	CHECK_EQUAL(sums_of(20000, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque, 0);
	CHECK(sums_of(20000, KIND_DATA, UNDERSTOOD_FILE_LEAST).opaque > 0); /* a file that quotes it is none */
	memset(bytes + 4096 + 22, '?', 40);
	CHECK(sums_of(20000, KIND_PART, UNDERSTOOD_RAW_LEAST).opaque > 0);
}

TEST(texts_are_understood_as_far_as_they_are_texts)
{
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)("some words of text\n"[i % 19]);
	CHECK_EQUAL(sums_of(SIZE, KIND_TEXT, UNDERSTOOD_FILE_LEAST).opaque, 0);
	fill_random(40960, 40960);
	CHECK_EQUAL(sums_of(SIZE, KIND_TEXT, UNDERSTOOD_FILE_LEAST).opaque, 40960);
	memset(bytes + 40960, 0, 40960);
	CHECK_EQUAL(sums_of(SIZE, KIND_TEXT, UNDERSTOOD_FILE_LEAST).opaque, 0);
	CHECK_EQUAL(sums_of(SIZE, KIND_TEXT, UNDERSTOOD_FILE_LEAST).padding, 40960);
}

TESTS(only_zeros_and_erased_flash_are_padding, a_mixed_file_is_split,
      a_kernel_that_names_a_boot_loader_is_none,
      the_code_before_a_kernel_is_known_by_its_words, what_is_held_is_passed_over,
      density_holds_at_every_size, few_unknown_bytes_say_nothing,
      code_may_have_tables_and_no_more, texts_are_understood_as_far_as_they_are_texts)
