/* Stream decoders against files that the real tools write, whole, followed by other bytes, cut and damaged. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "base/file.h"
#include "codec/codec.h"
#include "harness.h"

struct tool {
	const char *stream;
	const char *command; /* standard input to standard output */
	const char *needs;
};

static const struct tool tools[] = {
	{ "gzip", "gzip -9", "gzip" },
	{ "gzip", "gzip -1", "gzip" },
	{ "xz", "xz -6", "xz" },
	{ "xz", "xz --arm --lzma2=dict=64KiB --check=sha256", "xz" },
	{ "xz", "xz --block-size=100000 -0", "xz" },
	{ "lzma", "xz --format=lzma", "xz" },
	{ "lzma", "xz --format=lzma --lzma1=lc=0,lp=2,pb=0", "xz" },
	{ "bzip2", "bzip2 -1", "bzip2" },
	{ "zstd", "zstd -q -3", "zstd" },
	{ "zstd", "zstd -q -19 --no-check", "zstd" },
	{ "lz4", "lz4 -q -1", "lz4" },
	{ "lz4", "lz4 -q -9 -B4 -BD", "lz4" },
	{ "lz4", "lz4 -q -l", "lz4" },
	{ "lzop", "lzop -1", "lzop" },
	{ "lzop", "lzop -9 --crc32 -CC", "lzop" },
	{ "zlib", "python3 -c 'import sys,zlib;sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))'", "python3" },
	{ "deflate", "python3 -c 'import sys,zlib;sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read())[2:-4])'",
	  "python3" },
};

static const struct codec_stream *stream_named(const char *name)
{
	const struct codec_stream *stream = codec_streams;
	while (stream->name && strcmp(stream->name, name) != 0)
		stream++;
	return stream;
}

static const char *scratch(const char *name)
{
	static char paths[4][512];
	static unsigned turn;
	char *out = paths[turn++ % 4];
	(void)snprintf(out, sizeof paths[0], "%s/assay-stream-%ld-%s", harness_scratch(), (long)getpid(), name);
	return out;
}

static bool write_original(void)
{
	FILE *file = fopen(scratch("plain"), "wb");
	uint64_t random = 1;
	for (size_t i = 0; file && i < 700000; i++) {
		random = random * 6364136223846793005U + 1442695040888963407U;
		(void)fputc(i % 100 < 70 ? "firmware "[i % 9] : (int)(random >> 58), file);
	}
	return file && fclose(file) == 0;
}

static bool packed_by(const struct tool *tool, struct file_view *view)
{
	return harness_shell("command -v %s >/dev/null && %s < '%s' > '%s' 2>/dev/null", tool->needs, tool->command,
			     scratch("plain"), scratch("packed")) &&
	       file_view_open(scratch("packed"), SIZE_MAX, view);
}

static void check_whole(const struct codec_stream *stream, struct span packed, struct span plain)
{
	struct buffer out;
	size_t consumed;
	buffer_init(&out, 16 * 1024 * 1024, NULL);
	CHECK_EQUAL(stream->decode(packed, SIZE_MAX, &consumed, &out), DONE);
	CHECK_EQUAL(consumed, packed.size);
	CHECK(span_equal(buffer_span(&out), plain));
	/* Exactly as much as is allowed, and one byte more. */
	buffer_clear(&out);
	CHECK_EQUAL(stream->decode(packed, plain.size, &consumed, &out), DONE);
	CHECK(span_equal(buffer_span(&out), plain));
	buffer_clear(&out);
	CHECK(stream->decode(packed, plain.size - 1, &consumed, &out) != DONE || out.size < plain.size);
	CHECK(out.size < plain.size);
	buffer_done(&out);
}

/* The stream twice, and other bytes behind it. */
static void check_followed(const struct codec_stream *stream, struct span packed, struct span plain)
{
	struct buffer out, joined;
	size_t consumed;
	buffer_init(&out, 16 * 1024 * 1024, NULL);
	buffer_init(&joined, 16 * 1024 * 1024, NULL);
	CHECK_EQUAL(buffer_append(&joined, packed), DONE);
	CHECK_EQUAL(buffer_append_zeros(&joined, 5000), DONE);
	CHECK_EQUAL(stream->decode(buffer_span(&joined), SIZE_MAX, &consumed, &out), DONE);
	CHECK_EQUAL(consumed, packed.size);
	CHECK(span_equal(buffer_span(&out), plain));
	buffer_done(&joined);
	buffer_done(&out);
}

static void check_cut(const struct codec_stream *stream, struct span packed, struct span plain)
{
	struct buffer out;
	size_t consumed;
	buffer_init(&out, 16 * 1024 * 1024, NULL);
	for (size_t cut = 0; cut < packed.size; cut += 1 + packed.size / 40) {
		uint8_t *copy = malloc(cut + 1);
		memcpy(copy, packed.data, cut);
		buffer_clear(&out);
		enum outcome outcome = stream->decode(span_of(copy, cut), SIZE_MAX, &consumed, &out);
		/* Legacy lz4 has no end, so that a cut between blocks cannot be seen. */
		CHECK(outcome != DONE || (strcmp(stream->name, "lz4") == 0 && out.size < plain.size));
		CHECK(outcome != PARTIAL || out.size > 0);
		CHECK(consumed <= cut);
		CHECK(span_equal(buffer_span(&out), span_slice(plain, 0, out.size)));
		free(copy);
	}
	buffer_done(&out);
}

static void check_damaged(const struct codec_stream *stream, struct span packed)
{
	struct buffer out;
	size_t consumed;
	uint64_t random = 99;
	uint8_t *copy = malloc(packed.size);
	memcpy(copy, packed.data, packed.size);
	buffer_init(&out, 4 * 1024 * 1024, NULL);
	for (unsigned i = 0; i < 120; i++) {
		random = random * 6364136223846793005U + 1442695040888963407U;
		size_t at = (size_t)(random >> 20) % (i % 2 ? packed.size : 40);
		uint8_t mask = (uint8_t)(1U << (random >> 60 & 7));
		buffer_clear(&out);
		copy[at] ^= mask;
		enum outcome outcome = stream->decode(span_of(copy, packed.size), 2 * 1024 * 1024, &consumed, &out);
		CHECK(consumed <= packed.size && out.size <= 2 * 1024 * 1024);
		CHECK(outcome != PARTIAL || out.size > 0);
		copy[at] ^= mask;
	}
	buffer_done(&out);
	free(copy);
}

TEST(reads_what_the_tools_write)
{
	struct file_view plain, packed;
	REQUIRE(write_original());
	REQUIRE(file_view_open(scratch("plain"), SIZE_MAX, &plain));
	for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
		const struct codec_stream *stream = stream_named(tools[i].stream);
		int before = harness_failures;
		REQUIRE(stream->name);
		if (!packed_by(&tools[i], &packed)) {
			printf("# no %s here\n", tools[i].needs);
			continue;
		}
		check_whole(stream, packed.bytes, plain.bytes);
		check_followed(stream, packed.bytes, plain.bytes);
		check_cut(stream, packed.bytes, plain.bytes);
		check_damaged(stream, packed.bytes);
		file_view_close(&packed);
		if (harness_failures != before)
			printf("# %s\n", tools[i].command);
	}
	file_view_close(&plain);
	(void)unlink(scratch("plain"));
	(void)unlink(scratch("packed"));
}

/* gzip, xz, bzip2, zstd and lz4 all say that files put behind each other are one. */
TEST(joins_members)
{
	static const char *const names[] = { "gzip", "xz", "bzip2", "zstd", "lz4" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct file_view view;
		struct buffer out;
		size_t consumed;
		if (!harness_shell("(printf one | %s -c; printf two | %s -c) > '%s' 2>/dev/null", names[i], names[i],
				   scratch("two")))
			continue;
		REQUIRE(file_view_open(scratch("two"), SIZE_MAX, &view));
		buffer_init(&out, 1000, NULL);
		CHECK_EQUAL(stream_named(names[i])->decode(view.bytes, SIZE_MAX, &consumed, &out), DONE);
		CHECK_TEXT(buffer_span(&out), "onetwo");
		CHECK_EQUAL(consumed, view.bytes.size);
		buffer_done(&out);
		file_view_close(&view);
	}
	(void)unlink(scratch("two"));
}

TEST(refuses_other_bytes)
{
	static const uint8_t zeros[4096];
	for (const struct codec_stream *stream = codec_streams; stream->name; stream++) {
		struct buffer out;
		size_t consumed;
		buffer_init(&out, 100000, NULL);
		enum outcome outcome = stream->decode(SPAN_NONE, SIZE_MAX, &consumed, &out);
		CHECK(outcome == MALFORMED || outcome == NOT_THIS);
		outcome = stream->decode(span_of_text("this is not a compressed stream at all"), SIZE_MAX, &consumed, &out);
		CHECK(outcome != DONE);
		outcome = stream->decode(span_of(zeros, sizeof zeros), SIZE_MAX, &consumed, &out);
		CHECK(outcome != DONE || strcmp(stream->name, "lzma") == 0);
		buffer_done(&out);
	}
}

TESTS(reads_what_the_tools_write, joins_members, refuses_other_bytes)
