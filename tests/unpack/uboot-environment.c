#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

static const char variables[] = "arch=mips\0baudrate=115200\0bootargs=console=ttyS1,57600 "
				"root=/dev/mtdblock2\0"
				"bootcmd=bootm 0x9f020000\0bootdelay=3\0ethaddr=00:11:22:33:44:55\0";

static struct buffer make(size_t size, bool redundant, uint8_t filler)
{
	struct buffer image = recipe_new();
	recipe_le32(&image, 0);
	if (redundant)
		recipe_bytes(&image, SPAN_LITERAL("\x01"));
	size_t start = image.size;
	recipe_bytes(&image, span_of(variables, sizeof variables));
	recipe_fill(&image, size, filler);
	recipe_patch_le32(&image, 0, digest_crc32(0, span_from(buffer_span(&image), start)));
	recipe_noise(&image, 1000);
	return image;
}

static void check(size_t size, bool redundant, uint8_t filler, const char *detail)
{
	struct opened opened;
	struct span text;
	struct buffer image = make(size, redundant, filler);
	CHECK_EQUAL(opened_open(&opened, &unpacker_uboot_environment, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, size);
	CHECK_TEXT(opened.volume.extent.detail, detail);
	const struct entry *entry = opened_find(&opened, "environment");
	REQUIRE(entry != NULL);
	CHECK_EQUAL(opened_read(&opened, entry, &text), DONE);
	CHECK(span_equal(text, span_of(variables, sizeof variables - 1)));
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_uboot_environment, buffer_span(&image), 20, 40);
	image.data[300] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_uboot_environment, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_plain_blocks)
{
	check(0x1000, false, 0, "4096 bytes, 6 variables, checksum holds");
	check(0x20000, false, 0xFF, "131072 bytes, 6 variables, checksum holds");
}

TEST(reads_redundant_blocks)
{
	check(0x2000, true, 0, "8192 bytes, 6 variables, one of two copies (flag 1), checksum holds");
	check(0x10000, true, 0xFF, "65536 bytes, 6 variables, one of two copies (flag 1), checksum holds");
}

/* Sizes that no erase block has, and a block with the rest of an older one behind its texts. */
TEST(reads_blocks_of_any_size)
{
	check(0x1ffc, false, 0, "8188 bytes, 6 variables, checksum holds");
	check(12345, true, 0xFF, "12345 bytes, 6 variables, one of two copies (flag 1), checksum holds");
	check(0xc0000, false, 0xFF, "786432 bytes, 6 variables, checksum holds");
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_le32(&image, 0);
	recipe_bytes(&image, span_of(variables, sizeof variables));
	recipe_noise(&image, 0x2000 - image.size);
	recipe_patch_le32(&image, 0, digest_crc32(0, span_from(buffer_span(&image), 4)));
	CHECK_EQUAL(opened_open(&opened, &unpacker_uboot_environment, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 0x2000);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_what_mkenvimage_makes)
{
	struct manifest_volume image;
	if (!manifest_shell("command -v mkenvimage > which.txt"))
		SKIP("mkenvimage is not here");
	REQUIRE(manifest_shell("printf 'baudrate=9600\\nbootcmd=run x\\n' > env.txt && "
			       "mkenvimage -b -r -s 0x4000 -o env.img env.txt"));
	REQUIRE(manifest_open(manifest_path("env.img"), &unpacker_uboot_environment, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, 0x4000);
	manifest_close(&image);
}

TEST(reads_a_camera)
{
	struct manifest_volume image;
	const char *path = harness_corpus("dafang/escamg02/bootenv.bin");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_uboot_environment, &image));
	CHECK_TEXT(image.opened.volume.extent.detail, "65536 bytes, 29 variables, checksum holds");
	manifest_close(&image);
}

TESTS(reads_plain_blocks, reads_redundant_blocks, reads_blocks_of_any_size, reads_what_mkenvimage_makes, reads_a_camera)
