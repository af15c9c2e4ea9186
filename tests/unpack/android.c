/* Android's boot and sparse images. */
#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

TEST(reads_an_old_boot_image)
{
	struct manifest_volume image;
	struct span content;
	const char *path = harness_corpus("android-crespo/boot.img");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_android_boot, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_TEXT(image.opened.volume.extent.detail,
		   "version 0, pages of 4096 bytes, arguments console=ttyFIQ0 no_console_suspend");
	CHECK_EQUAL(image.opened.listing.count, 3);
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "ramdisk"), &content), DONE);
	CHECK(span_starts(content, SPAN_LITERAL("\x1f\x8b\x08")));
	opened_exercise_damaged(&unpacker_android_boot, span_slice(image.view.bytes, 0, 20000), 20, 100);
	manifest_close(&image);
}

TEST(reads_a_new_boot_image)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "ANDROID!");
	recipe_le32(&image, 5000);
	recipe_le32(&image, 100);
	recipe_fill(&image, 40, 0);
	recipe_le32(&image, 4);
	recipe_text(&image, "quiet");
	recipe_fill(&image, 44 + 1536, 0);
	recipe_le32(&image, 64);
	recipe_fill(&image, 4096 + 8192 + 4096 + 4096, 0);
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_android_boot, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size - 6);
	const struct entry *ramdisk = opened_find(&opened, "ramdisk");
	const struct entry *signature = opened_find(&opened, "signature");
	CHECK(ramdisk && ramdisk->offset == 4096 + 8192 && ramdisk->size == 100);
	CHECK(signature && signature->offset == 4096 + 8192 + 4096 && signature->size == 64);
	const struct entry *arguments = opened_find(&opened, "cmdline");
	CHECK(arguments && arguments->offset == 44 && arguments->size == 5);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_vendor_boot_image)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "VNDRBOOT");
	recipe_le32(&image, 3);
	recipe_le32(&image, 2048);
	recipe_fill(&image, 24, 0);
	recipe_le32(&image, 3000);
	recipe_fill(&image, 28 + 2048 + 4, 0);
	recipe_text(&image, "board");
	recipe_fill(&image, 2096, 0);
	recipe_le32(&image, 2112);
	recipe_le32(&image, 500);
	recipe_fill(&image, 4096 + 4096 + 2048, 0);
	CHECK_EQUAL(opened_open(&opened, &unpacker_android_boot, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size);
	CHECK_TEXT(opened.volume.extent.label, "board");
	const struct entry *tree = opened_find(&opened, "device-tree");
	CHECK(tree && tree->offset == 8192 && tree->size == 500);
	CHECK_EQUAL(opened.listing.count, 2);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_sparse_image)
{
	struct opened opened;
	struct span content;
	struct buffer image = recipe_new();
	recipe_bytes(&image, SPAN_LITERAL("\x3A\xFF\x26\xED\x01\0\0\0\x1C\0\x0C\0"));
	recipe_le32(&image, 1024);
	recipe_le32(&image, 4);
	recipe_le32(&image, 3);
	recipe_le32(&image, 0);
	recipe_le32(&image, 0xCAC1);
	recipe_le32(&image, 1);
	recipe_le32(&image, 12 + 1024);
	recipe_noise(&image, 1024);
	recipe_le32(&image, 0xCAC2);
	recipe_le32(&image, 2);
	recipe_le32(&image, 16);
	recipe_text(&image, "abcd");
	recipe_le32(&image, 0xCAC3);
	recipe_le32(&image, 1);
	recipe_le32(&image, 12);
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_android_sparse, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size - 6);
	REQUIRE(opened.listing.count == 1);
	CHECK_EQUAL(opened.listing.entries->size, 4096);
	CHECK_EQUAL(opened_read(&opened, opened.listing.entries, &content), DONE);
	CHECK_EQUAL(content.size, 4096);
	CHECK(span_equal(span_slice(content, 0, 1024), span_slice(buffer_span(&image), 40, 1024)));
	CHECK(span_has_at(content, 1024, SPAN_LITERAL("abcdabcd")) &&
	      span_has_at(content, 3064, SPAN_LITERAL("abcdabcd")));
	CHECK_EQUAL(span_byte(content, 4095), 0);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_android_sparse, buffer_span(&image), 40, 300);
	buffer_done(&image);
}

TEST(does_not_grow_without_end)
{
	struct opened opened;
	struct span content;
	struct buffer image = recipe_new();
	recipe_bytes(&image, SPAN_LITERAL("\x3A\xFF\x26\xED\x01\0\0\0\x1C\0\x0C\0"));
	recipe_le32(&image, 1024 * 1024);
	recipe_le32(&image, 0xFFFFFFFF);
	recipe_le32(&image, 1);
	recipe_le32(&image, 0);
	recipe_le32(&image, 0xCAC3);
	recipe_le32(&image, 0xFFFFFFFF);
	recipe_le32(&image, 12);
	CHECK_EQUAL(opened_open(&opened, &unpacker_android_sparse, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened_read(&opened, opened.listing.entries, &content), OVER_BUDGET);
	opened_close(&opened);
	buffer_done(&image);
}

TESTS(reads_an_old_boot_image, reads_a_new_boot_image, reads_a_vendor_boot_image, reads_a_sparse_image,
      does_not_grow_without_end)
