#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

static struct buffer make_trx(uint16_t version)
{
	struct buffer image = recipe_new();
	recipe_text(&image, "HDR0");
	recipe_le32(&image, 0x400);
	recipe_le32(&image, 0);
	recipe_le32(&image, (uint32_t)version << 16);
	recipe_le32(&image, version == 1 ? 28 : 32);
	recipe_le32(&image, 0x100);
	recipe_le32(&image, version == 1 ? 0 : 0x200);
	if (version == 2)
		recipe_le32(&image, 0x300);
	recipe_noise(&image, 0x400 - image.size);
	recipe_patch_le32(&image, 8, ~digest_crc32(0, span_from(buffer_span(&image), 12)));
	recipe_text(&image, "behind");
	return image;
}

TEST(reads_version_1)
{
	struct opened opened;
	struct buffer image = make_trx(1);
	CHECK_EQUAL(opened_open(&opened, &unpacker_trx, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 0x400);
	CHECK_EQUAL(opened.volume.extent.bits, 80);
	REQUIRE(opened.listing.count == 2);
	const struct entry *kernel = opened_find(&opened, "kernel"), *root = opened_find(&opened, "rootfs");
	CHECK(kernel && kernel->offset == 28 && kernel->size == 0x100 - 28);
	CHECK(root && root->offset == 0x100 && root->size == 0x300);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_trx, buffer_span(&image), 50, 200);
	buffer_done(&image);
}

TEST(reads_version_2)
{
	struct opened opened;
	struct buffer image = make_trx(2);
	CHECK_EQUAL(opened_open(&opened, &unpacker_trx, buffer_span(&image)), DONE);
	REQUIRE(opened.listing.count == 4);
	const struct entry *last = opened_find(&opened, "part-3");
	CHECK(opened_find(&opened, "loader") && last && last->offset == 0x300 && last->size == 0x100);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(says_that_the_checksum_fails)
{
	struct opened opened;
	struct buffer image = make_trx(1);
	recipe_patch_le32(&image, 0x200, 0);
	CHECK_EQUAL(opened_open(&opened, &unpacker_trx, buffer_span(&image)), PARTIAL);
	CHECK_EQUAL(opened.volume.extent.bits, 48);
	REQUIRE(opened.notes.count == 1);
	CHECK_EQUAL(opened.notes.first->cause, CAUSE_DAMAGED);
	CHECK_EQUAL(opened.notes.first->missing, MISSING_CONTENT);
	opened_close(&opened);
	recipe_patch_le32(&image, 8, 0); /* none is stated */
	CHECK_EQUAL(opened_open(&opened, &unpacker_trx, buffer_span(&image)), DONE);
	REQUIRE(opened.notes.count == 1);
	CHECK_EQUAL(opened.notes.first->missing, MISSING_NOTHING);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(refuses_offsets_that_go_back)
{
	struct opened opened;
	struct buffer image = make_trx(1);
	recipe_patch_le32(&image, 24, 0x80);
	CHECK_EQUAL(opened_open(&opened, &unpacker_trx, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_code_pattern)
{
	struct manifest_volume image;
	const char *path = harness_corpus("wrt54gl/FW_WRT54GL_4.30.18.006_ETSI_20160108.bin");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_linksys, &image));
	CHECK_TEXT(image.opened.volume.extent.label, "W54G 4.30.18");
	CHECK_TEXT(image.opened.volume.extent.detail, "code pattern W54G, version 4.30.18, dated 2016-01-08");
	CHECK_EQUAL(image.opened.listing.count, 1);
	manifest_close(&image);
}

TESTS(reads_version_1, reads_version_2, says_that_the_checksum_fails, refuses_offsets_that_go_back,
      reads_a_code_pattern)
