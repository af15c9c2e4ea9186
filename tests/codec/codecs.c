/* Block codecs against blocks that the libraries and tools make, and against damage. */
#define _POSIX_C_SOURCE 200809L
#define ZLIB_CONST
#include <bzlib.h>
#include <libdeflate.h>
#include <lz4.h>
#include <lzma.h>
#include <zstd.h>

#include "base/file.h"
#include "codec/codec.h"
#include "harness.h"

enum { ORIGINAL_SIZE = 100000, PACKED_SIZE = 200000 };

static uint8_t original[ORIGINAL_SIZE];
static uint8_t packed[PACKED_SIZE];

/* Text-like bytes with runs, near and far repeats, and some noise. */
static void make_original(void)
{
	uint64_t random = 88172645463325252U;
	for (size_t i = 0; i < ORIGINAL_SIZE; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		if (i > 60000 && i < 70000)
			original[i] = original[i - 50000];
		else if (i > 300 && i % 64 < 40)
			original[i] = original[i - 1 - random % 3 * 97];
		else
			original[i] = (uint8_t)(random >> 20 & (i < 90000 ? 31 : 255));
	}
}

static size_t pack_deflate(void)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t size = libdeflate_deflate_compress(c, original, ORIGINAL_SIZE, packed, PACKED_SIZE);
	libdeflate_free_compressor(c);
	return size;
}

static size_t pack_zlib(void)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t size = libdeflate_zlib_compress(c, original, ORIGINAL_SIZE, packed, PACKED_SIZE);
	libdeflate_free_compressor(c);
	return size;
}

static size_t pack_gzip(void)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t size = libdeflate_gzip_compress(c, original, ORIGINAL_SIZE, packed, PACKED_SIZE);
	libdeflate_free_compressor(c);
	return size;
}

/* Encodes with liblzma; gives the size. */
static size_t run_encoder(lzma_stream *stream)
{
	stream->next_in = original;
	stream->avail_in = ORIGINAL_SIZE;
	stream->next_out = packed;
	stream->avail_out = PACKED_SIZE;
	CHECK_EQUAL(lzma_code(stream, LZMA_FINISH), LZMA_STREAM_END);
	lzma_end(stream);
	return PACKED_SIZE - stream->avail_out;
}

static size_t pack_lzma(void)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	(void)lzma_lzma_preset(&options, 6);
	CHECK_EQUAL(lzma_alone_encoder(&stream, &options), LZMA_OK);
	return run_encoder(&stream);
}

static size_t pack_xz(void)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_options_lzma options;
	(void)lzma_lzma_preset(&options, 6);
	lzma_filter filters[] = { { LZMA_FILTER_ARM, NULL }, { LZMA_FILTER_LZMA2, &options }, { LZMA_VLI_UNKNOWN, NULL } };
	CHECK_EQUAL(lzma_stream_encoder(&stream, filters, LZMA_CHECK_CRC32), LZMA_OK);
	return run_encoder(&stream);
}

static size_t pack_lz4(void)
{
	return (size_t)LZ4_compress_default((const char *)original, (char *)packed, ORIGINAL_SIZE, PACKED_SIZE);
}

static size_t pack_zstd(void)
{
	return ZSTD_compress(packed, PACKED_SIZE, original, ORIGINAL_SIZE, 3);
}

static size_t pack_bzip2(void)
{
	unsigned size = PACKED_SIZE;
	static char copy[ORIGINAL_SIZE];
	memcpy(copy, original, sizeof copy);
	CHECK_EQUAL(BZ2_bzBuffToBuffCompress((char *)packed, &size, copy, sizeof copy, 9, 0, 0), BZ_OK);
	return size;
}

/* Without an encoder of its own: literals, each with no repeat, but for runs. */
static size_t pack_rtime(void)
{
	size_t after[256] = { 0 }, size = 0;
	for (size_t at = 0; at < ORIGINAL_SIZE;) {
		uint8_t value = original[at++];
		size_t from = after[value], repeat = 0;
		after[value] = at;
		while (repeat < 255 && at + repeat < ORIGINAL_SIZE && original[from + repeat] == original[at + repeat])
			repeat++;
		packed[size++] = value;
		packed[size++] = (uint8_t)repeat;
		at += repeat;
	}
	return size;
}

/* lzop keeps LZO1X blocks of 256 KiB behind a header: the one block of a small file is cut out of it. */
static size_t pack_lzo(void)
{
	char path[1024];
	struct file_view view;
	(void)snprintf(path, sizeof path, "%s/assay-lzo", harness_scratch());
	FILE *plain = fopen(path, "wb");
	CHECK(plain && fwrite(original, 1, ORIGINAL_SIZE, plain) == ORIGINAL_SIZE);
	if (plain)
		(void)fclose(plain);
	(void)snprintf(path, sizeof path, "%s/assay-lzo.lzo", harness_scratch());
	if (!harness_shell("cd '%s' && lzop -9 -f assay-lzo -o assay-lzo.lzo", harness_scratch()) ||
	    !file_view_open(path, PACKED_SIZE, &view))
		return 0;
	/* The block: its size, its packed size, a checksum, and the data; the end is four zero bytes. */
	size_t at = span_find(view.bytes, SPAN_LITERAL("\x00\x01\x86\xa0"), 0);
	struct span block = span_from(view.bytes, at + 12);
	size_t size = block.size - 4;
	memcpy(packed, block.data, size);
	file_view_close(&view);
	(void)harness_shell("cd '%s' && rm -f assay-lzo assay-lzo.lzo", harness_scratch());
	return size;
}

struct packing {
	const char *name;
	size_t (*pack)(void);
	bool checked; /* the format carries a checksum or an end, so that damage does not pass as data of another size */
};

static const struct packing packings[] = {
	{ "deflate", pack_deflate, false }, { "zlib", pack_zlib, true }, { "gzip", pack_gzip, true },
	{ "lzma", pack_lzma, false },       { "xz", pack_xz, true },     { "lzo", pack_lzo, false },
	{ "lz4", pack_lz4, false },         { "zstd", pack_zstd, false }, { "bzip2", pack_bzip2, true },
	{ "rtime", pack_rtime, false },
};
enum { PACKINGS = sizeof packings / sizeof *packings };

/* The bytes in memory of their own size, so that a sanitizer sees every read past the end. */
static enum outcome decode(const struct codec *codec, struct codec_scratch *scratch, struct span block, size_t maximum,
			   struct buffer *out)
{
	uint8_t *copy = malloc(block.size ? block.size : 1);
	if (block.size > 0)
		memcpy(copy, block.data, block.size);
	enum outcome outcome = codec->decode(scratch, span_of(copy, block.size), maximum, out);
	free(copy);
	return outcome;
}

static void check_round_trip(const struct codec *codec, const struct packing *packing, struct codec_scratch *scratch)
{
	struct buffer out;
	size_t size = packing->pack();
	struct span block = span_of(packed, size), whole = span_of(original, ORIGINAL_SIZE);
	CHECK(size > 0 && (size < ORIGINAL_SIZE || codec->decode == codec_rtime));
	buffer_init(&out, 1024 * 1024, NULL);
	for (int again = 0; again < 3; again++) {
		buffer_clear(&out);
		CHECK_EQUAL(buffer_append(&out, SPAN_LITERAL("before")), DONE);
		CHECK_EQUAL(decode(codec, scratch, block, ORIGINAL_SIZE, &out), DONE);
		CHECK(span_equal(span_from(buffer_span(&out), 6), whole));
	}
	buffer_done(&out);
}

static void check_limits(const struct codec *codec, const struct packing *packing, struct codec_scratch *scratch)
{
	struct buffer out;
	struct span block = span_of(packed, packing->pack());
	/* These stop where they are told to: rtime never says where it ends, and this .lzma header does not. */
	bool by_size = codec->decode == codec_rtime || codec->decode == codec_lzma;
	buffer_init(&out, ORIGINAL_SIZE, NULL);
	/* One byte less than it gives, and then less than the buffer may hold. */
	enum outcome outcome = decode(codec, scratch, block, ORIGINAL_SIZE - 1, &out);
	CHECK(by_size || outcome == MALFORMED);
	CHECK(by_size || out.size == 0);
	buffer_clear(&out);
	outcome = decode(codec, scratch, block, ORIGINAL_SIZE + 1, &out);
	CHECK(outcome == OVER_BUDGET || (outcome == DONE && out.size == ORIGINAL_SIZE));
	buffer_done(&out);
	buffer_init(&out, 1024 * 1024, NULL);
	for (size_t cut = 0; cut < block.size; cut += 1 + block.size / 50) {
		buffer_clear(&out);
		outcome = decode(codec, scratch, span_slice(block, 0, cut), ORIGINAL_SIZE, &out);
		CHECK(outcome == MALFORMED ? out.size == 0 : out.size < ORIGINAL_SIZE);
	}
	buffer_done(&out);
}

static void check_damage(const struct codec *codec, const struct packing *packing, struct codec_scratch *scratch)
{
	struct buffer out;
	size_t size = packing->pack();
	uint64_t random = 2463534242U;
	buffer_init(&out, 1024 * 1024, NULL);
	for (unsigned i = 0; i < 400; i++) {
		random = random * 6364136223846793005U + 1442695040888963407U;
		uint8_t mask = (uint8_t)(1U << (random >> 60 & 7));
		size_t at = (size_t)(random >> 20) % (i % 2 ? size : size < 64 ? size : 64);
		buffer_clear(&out);
		packed[at] ^= mask;
		enum outcome outcome = decode(codec, scratch, span_of(packed, size), ORIGINAL_SIZE, &out);
		CHECK(out.size <= ORIGINAL_SIZE && (outcome == DONE || out.size == 0));
		if (packing->checked && outcome == DONE)
			CHECK(span_equal(buffer_span(&out), span_of(original, ORIGINAL_SIZE)));
		packed[at] ^= mask;
	}
	buffer_done(&out);
}

static void for_each(void (*check)(const struct codec *, const struct packing *, struct codec_scratch *))
{
	struct codec_scratch *scratch;
	make_original();
	REQUIRE(codec_scratch_new(&scratch) == DONE);
	for (size_t i = 0; codecs[i].name; i++) {
		int before = harness_failures;
		REQUIRE(i < PACKINGS && strcmp(codecs[i].name, packings[i].name) == 0);
		if (packings[i].pack == pack_lzo && !harness_shell("command -v lzop >/dev/null")) {
			printf("# no lzop here\n");
			continue;
		}
		check(&codecs[i], &packings[i], scratch);
		if (harness_failures != before)
			printf("# codec %s\n", codecs[i].name);
	}
	codec_scratch_free(scratch);
}

TEST(round_trips)
{
	for_each(check_round_trip);
}

TEST(honours_limits_and_ends)
{
	for_each(check_limits);
}

TEST(survives_damage)
{
	for_each(check_damage);
}

TEST(decodes_lzma_without_a_header)
{
	static const struct codec_lzma_settings all[] = { { 3, 0, 2 }, { 0, 0, 0 }, { 0, 2, 0 }, { 4, 0, 4 }, { 1, 3, 1 } };
	struct codec_scratch *scratch;
	struct buffer out;
	make_original();
	REQUIRE(codec_scratch_new(&scratch) == DONE);
	buffer_init(&out, ORIGINAL_SIZE, NULL);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		lzma_stream stream = LZMA_STREAM_INIT;
		lzma_options_lzma options;
		(void)lzma_lzma_preset(&options, 6);
		options.lc = all[i].literal_context;
		options.lp = all[i].literal_position;
		options.pb = all[i].position;
		CHECK_EQUAL(lzma_alone_encoder(&stream, &options), LZMA_OK);
		struct span block = span_from(span_of(packed, run_encoder(&stream)), 13);
		buffer_clear(&out);
		CHECK_EQUAL(codec_lzma_raw(scratch, &all[i], block, ORIGINAL_SIZE, &out), DONE);
		CHECK(span_equal(buffer_span(&out), span_of(original, ORIGINAL_SIZE)));
		buffer_clear(&out);
		CHECK_EQUAL(codec_lzma_raw(scratch, &all[i], block, 1000, &out), DONE);
		CHECK(span_equal(buffer_span(&out), span_of(original, 1000)));
	}
	CHECK_EQUAL(codec_lzma_raw(scratch, &(struct codec_lzma_settings){ 8, 4, 4 }, span_of(packed, 100), 1000, &out),
		    UNSUPPORTED);
	buffer_done(&out);
	codec_scratch_free(scratch);
}

TEST(spends_the_budget)
{
	struct codec_scratch *scratch;
	struct budget budget;
	struct buffer out;
	make_original();
	REQUIRE(codec_scratch_new(&scratch) == DONE);
	budget_init(&budget, 0);
	budget.bytes_left = ORIGINAL_SIZE + 10;
	buffer_init(&out, 1024 * 1024, &budget);
	struct span block = span_of(packed, pack_zlib());
	CHECK_EQUAL(codec_zlib(scratch, block, ORIGINAL_SIZE, &out), DONE);
	CHECK_EQUAL(codec_zlib(scratch, block, ORIGINAL_SIZE, &out), OVER_BUDGET);
	CHECK_EQUAL(out.size, ORIGINAL_SIZE);
	buffer_done(&out);
	codec_scratch_free(scratch);
}

TESTS(round_trips, honours_limits_and_ends, survives_damage, decodes_lzma_without_a_header, spends_the_budget)
