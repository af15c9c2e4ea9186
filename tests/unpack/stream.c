/* Every single-stream format: made by its own tool, with bytes after its end; from the corpus; damaged. */
#include "unpack/manifest.h"
#include "unpack/registry.h"

enum { TAIL = 3000 };

/* Compresses text with a tool, puts other bytes behind it, and reads it back. */
static void check_stream(const struct unpacker *unpacker, const char *command, const char *name)
{
	struct manifest_volume image;
	struct file_view plain;
	struct span content;
	REQUIRE(manifest_shell("seq 1 30000 > plain.txt && %s > stream.img && "
			       "yes 'other bytes' | head -c %d >> stream.img", command, TAIL));
	REQUIRE(file_view_open(manifest_path("plain.txt"), SIZE_MAX, &plain));
	REQUIRE(manifest_open(manifest_path("stream.img"), unpacker, &image));
	CHECK_EQUAL(image.opened.measured, DONE);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - TAIL);
	REQUIRE(image.opened.listing.count == 1);
	const struct entry *entry = image.opened.listing.entries;
	CHECK_EQUAL(entry->type, ENTRY_PART);
	CHECK_TEXT(entry->path, name);
	CHECK_EQUAL(opened_read(&image.opened, entry, &content), DONE);
	CHECK(span_equal(content, plain.bytes));
	/* What was decoded to find the end is given again, and without it the stream is decoded anew. */
	struct buffer *decoded = &image.opened.volume.extent.content;
	CHECK(decoded->size == 0 || content.data == decoded->data);
	buffer_done(decoded);
	CHECK_EQUAL(opened_read(&image.opened, entry, &content), DONE);
	CHECK(span_equal(content, plain.bytes));
	CHECK_EQUAL(image.opened.notes.count, 0);
	opened_exercise_damaged(unpacker, image.view.bytes, 20, 60);
	manifest_close(&image);
	file_view_close(&plain);
}

TEST(reads_gzip)
{
	check_stream(&unpacker_gzip, "gzip -c plain.txt", "plain.txt");
	check_stream(&unpacker_gzip, "gzip -nc plain.txt", "data");
}

TEST(reads_bzip2)
{
	check_stream(&unpacker_bzip2, "bzip2 -c plain.txt", "data");
	check_stream(&unpacker_bzip2, "bzip2 -1 -c plain.txt", "data");
}

TEST(reads_lzma_alone)
{
	check_stream(&unpacker_lzma, "xz --format=lzma -c plain.txt", "data");
	check_stream(&unpacker_lzma, "xz --format=lzma --lzma1=lc=1,lp=2,pb=2,dict=8MiB -c plain.txt",
		     "data");
	check_stream(&unpacker_lzma, "xz --format=lzma --lzma1=lc=0,lp=0,pb=2,dict=96KiB -c plain.txt",
		     "data");
}

TEST(reads_xz)
{
	check_stream(&unpacker_xz, "xz -c plain.txt", "data");
	check_stream(&unpacker_xz, "xz --check=crc32 --block-size=20000 --arm --lzma2 -c plain.txt", "data");
}

TEST(reads_lzop)
{
	if (!manifest_shell("command -v lzop > which.txt"))
		SKIP("lzop is not here");
	check_stream(&unpacker_lzop, "lzop -c plain.txt", "plain.txt");
	check_stream(&unpacker_lzop, "lzop -9 -F -c plain.txt", "plain.txt");
}

TEST(reads_lz4)
{
	if (!manifest_shell("command -v lz4 > which.txt"))
		SKIP("lz4 is not here");
	check_stream(&unpacker_lz4, "lz4 -q -c plain.txt", "data");
	check_stream(&unpacker_lz4, "lz4 -q -9 -BD --content-size -c plain.txt", "data");
	check_stream(&unpacker_lz4, "lz4 -q -l -c plain.txt", "data");
}

TEST(reads_zstd)
{
	if (!manifest_shell("command -v zstd > which.txt"))
		SKIP("zstd is not here");
	check_stream(&unpacker_zstd, "zstd -q -c plain.txt", "data");
	check_stream(&unpacker_zstd, "zstd -q --ultra -22 --no-check -c plain.txt", "data");
}

TEST(gives_what_a_cut_stream_still_holds)
{
	static const struct {
		const struct unpacker *unpacker;
		const char *command;
	} streams[] = {
		{ &unpacker_gzip, "gzip -nc" }, { &unpacker_xz, "xz -c" },
		{ &unpacker_lzma, "xz --format=lzma -c" },
	};
	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
		struct manifest_volume image;
		struct span content;
		REQUIRE(manifest_shell("seq 1 200000 | sort -R --random-source=/dev/zero > plain.txt && "
				       "%s plain.txt | head -c 200000 > cut.img", streams[i].command));
		REQUIRE(manifest_open(manifest_path("cut.img"), streams[i].unpacker, &image));
		CHECK_EQUAL(image.opened.measured, PARTIAL);
		REQUIRE(image.opened.listing.count == 1);
		CHECK_EQUAL(opened_read(&image.opened, image.opened.listing.entries, &content), PARTIAL);
		CHECK(content.size > 100000);
		CHECK(image.opened.notes.count > 0);
		manifest_close(&image);
	}
}

/* A bomb is claimed to the end, and not followed there. */
TEST(does_not_follow_a_bomb)
{
	struct manifest_volume image;
	REQUIRE(manifest_shell("head -c 200000000 /dev/zero | gzip -n > bomb.img && printf 'behind' >> "
			       "bomb.img"));
	REQUIRE(manifest_open(manifest_path("bomb.img"), &unpacker_gzip, &image));
	CHECK_EQUAL(image.opened.measured, PARTIAL);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_TEXT(image.opened.volume.extent.detail, "67108864 bytes of content and more");
	manifest_close(&image);
}

/* A table of small numbers decodes as lzma, to nothing that anyone compressed. */
TEST(does_not_take_tables_and_filler_for_lzma)
{
	uint8_t table[8192] = { 0x5D, 0, 0, 0x80, 0, 0, 0x10 };
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, &unpacker_lzma, span_of(table, sizeof table)), NOT_THIS);
	opened_close(&opened);
	for (size_t i = 14; i < sizeof table; i++)
		table[i] = (uint8_t)(i % 7);
	CHECK_EQUAL(opened_open(&opened, &unpacker_lzma, span_of(table, sizeof table)), NOT_THIS);
	opened_close(&opened);
}

TEST(does_not_take_a_bare_magic_for_gzip)
{
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, &unpacker_gzip,
				SPAN_LITERAL("\x1f\x8b\x08 and then some words, not data")),
		    NOT_THIS);
	opened_close(&opened);
}

TESTS(reads_gzip, reads_bzip2, reads_lzma_alone, reads_xz, reads_lzop, reads_lz4, reads_zstd,
      gives_what_a_cut_stream_still_holds, does_not_follow_a_bomb, does_not_take_tables_and_filler_for_lzma,
      does_not_take_a_bare_magic_for_gzip)
