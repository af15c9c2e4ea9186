#include "unpack/manifest.h"
#include "unpack/registry.h"

static void check_corpus(const char *file, const char *detail)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus(file);
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(corpus, &unpacker_yaffs2, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_TEXT(image.opened.volume.extent.detail, detail);
	CHECK_EQUAL(manifest_write(&image.opened, "yaffs2"), DONE);
	/* The same three files are in many images of that collection. */
	CHECK(manifest_shell("grep -q '^d558c9339cb967341d701e3184f863d3928973fccdc1d96042583730b5c7b76a  "
			     "/testfile1$' yaffs2.got && "
			     "grep -q '^faa11db49f32a90b51dfc3f0254f9fd7a7b46d0b570abd47e1943b86d554447a  "
			     "/testfile2$' yaffs2.got && "
			     "grep -q '^289b5a050a83837f192d7129e4c4e02570b94b4924e50159fad5ed1067cfbfeb  "
			     "/generic folder/test file 3_.txt$' yaffs2.got"));
	opened_exercise_damaged(&unpacker_yaffs2, image.view.bytes, 50, 500);
	manifest_close(&image);
}

TEST(reads_little_endian)
{
	check_corpus("fmt-fact/yaffs/test/data/yaffs2_le.img", "little-endian, chunks of 2048 + 64 bytes");
}

TEST(reads_big_endian)
{
	check_corpus("fmt-fact/yaffs/test/data/yaffs2_be.img", "big-endian, chunks of 2048 + 64 bytes");
}

TESTS(reads_little_endian, reads_big_endian)
