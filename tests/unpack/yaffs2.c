#include "unpack/manifest.h"
#include "unpack/recipe.h"
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

/* One chunk of 2048 and its 64 spare bytes: a file of the root. */
static struct buffer one_chunk(const char *name, uint32_t mode)
{
	struct buffer image = recipe_new();
	recipe_le32(&image, 1), recipe_le32(&image, 1);
	recipe_text(&image, "\xff\xff");
	recipe_text(&image, name);
	recipe_fill(&image, 268, 0);
	recipe_le32(&image, mode);
	recipe_fill(&image, 2048, 0);
	recipe_le32(&image, 0x1001), recipe_le32(&image, 257), recipe_le32(&image, 0), recipe_le32(&image, 0xffff);
	recipe_fill(&image, 2048 + 64, 0xff);
	return image;
}

static enum outcome measured(const char *name, uint32_t mode)
{
	struct opened opened;
	struct buffer image = one_chunk(name, mode);
	enum outcome outcome = opened_open(&opened, &unpacker_yaffs2, buffer_span(&image));
	opened_close(&opened);
	buffer_done(&image);
	return outcome;
}

/* The magic and the tags of one chunk hold by chance in code: the first object has a name, and a mode of its type. */
TEST(wants_a_header_behind_the_magic)
{
	CHECK_EQUAL(measured("motd", 0100644), DONE);
	CHECK_EQUAL(measured("", 0100644), NOT_THIS);
	CHECK_EQUAL(measured("a/b", 0100644), NOT_THIS);
	CHECK_EQUAL(measured("motd", 0), NOT_THIS);
	CHECK_EQUAL(measured("motd", 0040755), NOT_THIS);
	CHECK_EQUAL(measured("motd", 0x8fe081a4), NOT_THIS);
}

TESTS(wants_a_header_behind_the_magic, reads_little_endian, reads_big_endian)
