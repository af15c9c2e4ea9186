/* SafeLoader, Seama and Xiaomi images, from recipes. */
#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

static void patch_md5(struct buffer *image, size_t at, const struct span *parts, size_t count)
{
	uint8_t digest[MD5_SIZE];
	digest_md5_parts(parts, count, digest);
	recipe_patch(image, at, span_of(digest, sizeof digest));
}

TEST(reads_safeloader)
{
	static const uint8_t salt[] = { 0x7A, 0x2B, 0x15, 0xED, 0x9B, 0x98, 0x59, 0x6D,
					0xE5, 0x04, 0xAB, 0x44, 0xAC, 0x2A, 0x9F, 0x4E };
	struct opened opened;
	struct span content;
	struct buffer image = recipe_new();
	recipe_be32(&image, 0x1014 + 0x800 + 3000);
	recipe_fill(&image, 20, 0);
	recipe_text(&image, "fw-type:Cloud\n");
	recipe_fill(&image, 0x1014, 0xFF);
	recipe_text(&image, "fwup-ptn os-image base 0x00800 size 0x007d0\t\r\n"
			    "fwup-ptn file-system base 0x00fd0 size 0x003e8\t\r\n");
	recipe_fill(&image, 0x1014 + 0x800, 0xFF);
	recipe_noise(&image, 2000);
	recipe_text(&image, "files");
	recipe_fill(&image, 0x1014 + 0x800 + 3000, 'x');
	struct span parts[] = { span_of(salt, sizeof salt), span_from(buffer_span(&image), 20) };
	patch_md5(&image, 4, parts, 2);
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_safeloader, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size - 6);
	CHECK_TEXT(opened.volume.extent.detail, "2 partitions, MD5 holds");
	CHECK_EQUAL(opened_read(&opened, opened_find(&opened, "file-system"), &content), DONE);
	CHECK(content.size == 1000 && span_starts_text(content, "files"));
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_safeloader, buffer_span(&image), 40, 300);
	buffer_done(&image);
}

TEST(reads_seama)
{
	struct opened opened;
	struct span content;
	struct buffer image = recipe_new();
	recipe_be32(&image, 0x5EA3A417);
	recipe_be32(&image, 36);
	recipe_be32(&image, 0);
	recipe_bytes(&image, SPAN_LITERAL("signature=wrgac13_dlink.2013gui_dir"));
	recipe_fill(&image, 12 + 36, 0);
	recipe_be32(&image, 0x5EA3A417);
	recipe_be32(&image, 36);
	recipe_be32(&image, 500);
	size_t digest = image.size;
	recipe_fill(&image, digest + 16, 0);
	recipe_bytes(&image, SPAN_LITERAL("dev=/dev/mtdblock/2\0type=firmware\0\0\0"));
	size_t data = image.size;
	recipe_noise(&image, 500);
	struct span parts[] = { span_from(buffer_span(&image), data) };
	patch_md5(&image, digest, parts, 1);
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_seama, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size - 6);
	CHECK_TEXT(opened.volume.extent.label, "wrgac13_dlink.2013gui_dir");
	CHECK_TEXT(opened.volume.extent.detail, "1 images, MD5 holds for 1");
	CHECK_EQUAL(opened.notes.count, 0);
	CHECK_EQUAL(opened_read(&opened, opened_find(&opened, "firmware"), &content), DONE);
	CHECK_EQUAL(content.size, 500);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_seama, buffer_span(&image), 40, 300);
	image.data[data] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_seama, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.notes.count, 1);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_xiaomi)
{
	struct opened opened;
	struct span content;
	struct buffer image = recipe_new();
	recipe_text(&image, "HDR1");
	recipe_le32(&image, 0);
	recipe_le32(&image, 0);
	recipe_le32(&image, 0x470000);
	recipe_le32(&image, 48);
	recipe_fill(&image, 48, 0);
	recipe_le32(&image, 0xBABE);
	recipe_le32(&image, 0xFFFFFFFF);
	recipe_le32(&image, 700);
	recipe_le32(&image, 0xFFFF);
	recipe_text(&image, "root.squashfs");
	recipe_fill(&image, 96, 0);
	recipe_noise(&image, 700);
	recipe_patch_le32(&image, 8, ~digest_crc32(0, span_from(buffer_span(&image), 12)));
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_xiaomi, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size - 6);
	CHECK_TEXT(opened.volume.extent.detail, "1 files, not signed, CRC holds");
	CHECK_EQUAL(opened_read(&opened, opened_find(&opened, "root.squashfs"), &content), DONE);
	CHECK_EQUAL(content.size, 700);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_xiaomi, buffer_span(&image), 40, 300);
	buffer_done(&image);
}

TEST(reads_the_corpus)
{
	struct manifest_volume image;
	const char *path = harness_corpus("fmt-fact/xiaomi_hdr/test/data/test.hdr1");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_xiaomi, &image));
	CHECK_EQUAL(image.opened.listing.count, 3);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK(opened_find(&image.opened, "testfile1") != NULL);
	manifest_close(&image);
}

TESTS(reads_safeloader, reads_seama, reads_xiaomi, reads_the_corpus)
