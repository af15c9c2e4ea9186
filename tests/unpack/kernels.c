/* Kernel images, from the corpus and from recipes. */
#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

/* Opens a bzImage and its payload, and looks for the kernel's own words in it. */
static void check_bzimage(const char *kind, const struct unpacker *stream, size_t trailer)
{
	struct manifest_volume image;
	struct opened payload;
	struct span bytes, kernel;
	char path[128];
	(void)snprintf(path, sizeof path, "fmt-fact/linuxkernel/test/data/bzImage_%s", kind);
	const char *file = harness_corpus(path);
	if (!file)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(file, &unpacker_bzimage, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_TEXT(image.opened.volume.extent.label, "5.4.72");
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "payload"), &bytes), DONE);
	CHECK_EQUAL(opened_open(&payload, stream, bytes), DONE);
	CHECK_EQUAL(payload.volume.extent.size, bytes.size - trailer);
	REQUIRE(payload.listing.count == 1);
	CHECK_EQUAL(opened_read(&payload, payload.listing.entries, &kernel), DONE);
	CHECK(span_find_text(kernel, "Linux version 5.4.72 ", 0) != SPAN_NOT_FOUND);
	opened_close(&payload);
	opened_exercise_damaged(&unpacker_bzimage, span_slice(image.view.bytes, 0, 40000), 40, 200);
	manifest_close(&image);
}

TEST(reads_bzimages_of_every_codec)
{
	check_bzimage("gzip", &unpacker_gzip, 0);
	/* The kernel's build puts the size behind every stream but gzip's. */
	check_bzimage("bzip2", &unpacker_bzip2, 4);
	check_bzimage("lzma", &unpacker_lzma, 4);
	check_bzimage("xz", &unpacker_xz, 4);
	check_bzimage("lzo", &unpacker_lzop, 4);
	check_bzimage("lz4", &unpacker_lz4, 4);
}

TEST(reads_arm_zimages)
{
	struct opened opened;
	struct buffer image = recipe_new();
	for (int i = 0; i < 9; i++)
		recipe_le32(&image, 0xE1A00000);
	recipe_le32(&image, 0x016F2818);
	recipe_le32(&image, 0x1000);
	recipe_le32(&image, 0x4000);
	recipe_noise(&image, 0x3400 - image.size);
	CHECK_EQUAL(opened_open(&opened, &unpacker_zimage, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 0x3000);
	CHECK_TEXT(opened.volume.extent.detail, "ARM, little-endian");
	const struct entry *payload = opened_find(&opened, "payload");
	CHECK(payload && payload->offset == 0x30 && payload->size == 0x3000 - 0x30);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_zimage, buffer_span(&image), 40, 100);
	recipe_patch_le32(&image, 0x2C, 0x1000);
	CHECK_EQUAL(opened_open(&opened, &unpacker_zimage, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

static void check_image(const char *magic, const char *middle, const char *detail)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "MZ");
	recipe_fill(&image, 8, 0);
	recipe_le32(&image, 0x80000);
	recipe_le32(&image, 0);
	recipe_le32(&image, 0x20000);
	recipe_le32(&image, 0);
	recipe_fill(&image, 48, 0);
	recipe_text(&image, middle);
	recipe_fill(&image, 56, 0);
	recipe_text(&image, magic);
	recipe_noise(&image, 0x21000 - image.size);
	CHECK_EQUAL(opened_open(&opened, &unpacker_linux_image, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 0x20000);
	CHECK_TEXT(opened.volume.extent.detail, detail);
	CHECK(opened_find(&opened, "kernel") != NULL);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_linux_image, buffer_span(&image), 20, 50);
	buffer_done(&image);
}

TEST(reads_images_of_64_bit_machines)
{
	check_image("ARM\x64", "", "AArch64, text offset 0x80000");
	check_image("RSC\x05", "RISCV", "RISC-V, text offset 0x80000");
}

TESTS(reads_bzimages_of_every_codec, reads_arm_zimages, reads_images_of_64_bit_machines)
