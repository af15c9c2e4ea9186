/* Headers of routers' images that have no tool here: from recipes, and from the corpus. */
#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"
#include "unpack/scan.h"

#include <time.h>

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
	CHECK_EQUAL(opened_open(&opened, &unpacker_seama, buffer_span(&image)), PARTIAL);
	REQUIRE(opened.notes.count == 1);
	CHECK_EQUAL(opened.notes.first->missing, MISSING_CONTENT);
	CHECK_EQUAL(opened.notes.first->amount, 500);
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

TEST(reads_wrgg)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "wrgg19_dlwbr_dir300");
	recipe_fill(&image, 32, 0);
	recipe_be32(&image, 0x20040220);
	recipe_be32(&image, 0x20040220);
	recipe_text(&image, "1.05");
	recipe_fill(&image, 56, 0);
	recipe_text(&image, "DIR-300");
	recipe_fill(&image, 104, 0);
	recipe_le32(&image, 600);
	recipe_le32(&image, 0);
	recipe_text(&image, "/dev/mtdblock/1");
	recipe_fill(&image, 160, 0);
	recipe_noise(&image, 600);
	struct span parts[] = { span_slice(buffer_span(&image), 108, 36),
				span_from(buffer_span(&image), 160) };
	patch_md5(&image, 144, parts, 2);
	CHECK_EQUAL(opened_open(&opened, &unpacker_wrgg, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 760);
	CHECK_TEXT(opened.volume.extent.label, "wrgg19_dlwbr_dir300");
	CHECK_TEXT(opened.volume.extent.detail, "model DIR-300, version 1.05, MD5 holds");
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_wrgg, buffer_span(&image), 40, 200);
	image.data[400] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_wrgg, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_broadcom_tag)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "6");
	recipe_fill(&image, 4, 0);
	recipe_text(&image, "Broadcom Corporatio");
	recipe_fill(&image, 24, 0);
	recipe_text(&image, "ver. 2.0");
	recipe_fill(&image, 38, 0);
	recipe_text(&image, "6348");
	recipe_fill(&image, 44, 0);
	recipe_text(&image, "96348GW");
	recipe_fill(&image, 60, 0);
	recipe_text(&image, "1");
	recipe_fill(&image, 62, 0);
	recipe_text(&image, "1500");
	recipe_fill(&image, 106, 0);
	recipe_text(&image, "1000");
	recipe_fill(&image, 128, 0);
	recipe_text(&image, "500");
	recipe_fill(&image, 236, 0);
	recipe_be32(&image, ~digest_crc32(0, buffer_span(&image)));
	recipe_fill(&image, 256, 0);
	recipe_noise(&image, 1500);
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_broadcom, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 256 + 1500);
	CHECK_TEXT(opened.volume.extent.detail, "board 96348GW, chip 6348, checksum holds");
	const struct entry *root = opened_find(&opened, "rootfs"), *kernel = opened_find(&opened, "kernel");
	CHECK(root && root->offset == 256 && root->size == 1000);
	CHECK(kernel && kernel->offset == 1256 && kernel->size == 500);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_broadcom, buffer_span(&image), 40, 200);
	buffer_done(&image);
}

TEST(reads_what_openwrt_appends)
{
	static const char json[] = "{  \"metadata_version\": \"1.1\", "
				   "\"supported_devices\":[\"maker,board\"], "
				   "\"version\": { \"dist\": \"OpenWrt\", \"version\": \"22.03.5\" } }\n";
	struct opened opened;
	struct span content;
	struct buffer image = recipe_new();
	recipe_fill(&image, 8, 0);
	recipe_text(&image, json);
	recipe_text(&image, "FWx0");
	recipe_be32(&image, 0x12345678);
	recipe_be32(&image, 0x01000000);
	recipe_be32(&image, (uint32_t)(8 + sizeof json - 1 + 16));
	CHECK_EQUAL(opened_open(&opened, &unpacker_fwtool, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size);
	CHECK_TEXT(opened.volume.extent.detail, "OpenWrt 22.03.5 for maker,board");
	CHECK_EQUAL(opened_read(&opened, opened_find(&opened, "metadata.json"), &content), DONE);
	CHECK_TEXT(content, json);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_fwtool, buffer_span(&image), 40, 200);
	buffer_done(&image);
}

/* A recognised but encrypted image says so, and has no entries. */
static void check_encrypted(const char *path, const struct unpacker *unpacker)
{
	struct manifest_volume image;
	path = harness_corpus(path);
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, unpacker, &image));
	CHECK_EQUAL(image.opened.listed, UNSUPPORTED);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_EQUAL(image.opened.listing.count, 0);
	CHECK_EQUAL(image.opened.notes.count, 1);
	opened_exercise_damaged(unpacker, image.view.bytes, 20, 50);
	manifest_close(&image);
}

TEST(tells_encrypted_images)
{
	check_encrypted("fmt-fact/dlink/test/data/test.dec", &unpacker_dlink_shrs);
	check_encrypted("fmt-fact/dlink/test/data/testfile.encrpted_img", &unpacker_dlink_encrypted);
}

static bool take_nothing(void *context, struct found *found)
{
	(void)found;
	++*(size_t *)context;
	return false;
}

/* Headers that almost hold, one after the other, each over all that follows: no square of the size. */
TEST(does_not_go_over_the_same_bytes_for_ever)
{
	struct scan_index *index;
	struct arena arena;
	struct buffer image = recipe_new();
	size_t claims = 0;
	clock_t start = clock();
	REQUIRE(scan_index_new(&index) == DONE);
	while (image.size + 32 < RECIPE_MAX) {
		recipe_be32(&image, 0x5EA3A417);
		recipe_be32(&image, 0);
		recipe_be32(&image, (uint32_t)(RECIPE_MAX - 64 - image.size));
		recipe_fill(&image, image.size + 16, 'x');
	}
	recipe_fill(&image, RECIPE_MAX, 'x');
	arena_init(&arena, 64 << 20);
	scan_bytes(index, buffer_span(&image), &arena, take_nothing, &claims);
	CHECK_EQUAL(claims, 0);
	CHECK(clock() - start < 20 * CLOCKS_PER_SEC);
	arena_done(&arena);
	scan_index_free(index);
	buffer_done(&image);
}

static void add_ubiquiti_part(struct buffer *image, const char *name, uint32_t address, size_t size)
{
	size_t start = image->size;
	recipe_text(image, "PART");
	recipe_text(image, name);
	recipe_fill(image, start + 40, 0);
	recipe_be32(image, address);
	recipe_be32(image, 0);
	recipe_be32(image, (uint32_t)size);
	recipe_be32(image, (uint32_t)size);
	recipe_noise(image, size);
	recipe_be32(image, digest_crc32(0, span_from(buffer_span(image), start)));
	recipe_be32(image, 0);
}

TEST(reads_ubiquiti)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "UBNTXM.ar7240.v5.6.2");
	recipe_fill(&image, 260, 0);
	recipe_be32(&image, digest_crc32(0, buffer_span(&image)));
	recipe_be32(&image, 0);
	add_ubiquiti_part(&image, "kernel", 0x9f050000, 3000);
	add_ubiquiti_part(&image, "rootfs", 0x9f150000, 5001);
	recipe_text(&image, "ENDS");
	recipe_noise(&image, 256);
	recipe_be32(&image, 0);
	size_t end = image.size;
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubiquiti, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, end);
	CHECK_TEXT(opened.volume.extent.label, "XM.ar7240.v5.6.2");
	CHECK_TEXT(opened.volume.extent.detail, "2 parts, with a signature");
	const struct entry *kernel = opened_find(&opened, "kernel"), *root = opened_find(&opened, "rootfs");
	CHECK(kernel && kernel->offset == 268 + 56 && kernel->size == 3000);
	CHECK(root && root->offset == 268 + 56 + 3000 + 8 + 56 && root->size == 5001);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_ubiquiti, buffer_span(&image), 40, 100);
	recipe_patch_le32(&image, 1000, 0);
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubiquiti, buffer_span(&image)), PARTIAL);
	CHECK_EQUAL(opened.notes.count, 1);
	opened_close(&opened);
	recipe_patch_le32(&image, 10, 0);
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubiquiti, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(joins_ubiquiti_parts_that_go_on)
{
	struct opened opened;
	struct buffer image = recipe_new();
	struct span content;
	recipe_text(&image, "UBNTXM.ar7240.v6.0.0");
	recipe_fill(&image, 260, 0);
	recipe_be32(&image, digest_crc32(0, buffer_span(&image)));
	recipe_be32(&image, 0);
	add_ubiquiti_part(&image, "kernel", 0x9f050000, 4096);
	add_ubiquiti_part(&image, "rootfs", 0x9f051000, 5001);
	recipe_text(&image, "END.");
	recipe_be32(&image, 0);
	recipe_be32(&image, 0);
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubiquiti, buffer_span(&image)), DONE);
	const struct entry *flash = opened_find(&opened, "flash");
	REQUIRE(flash && opened.listing.count == 1);
	CHECK_EQUAL(flash->size, 4096 + 5001);
	REQUIRE(opened_read(&opened, flash, &content) == DONE);
	CHECK(span_starts(content, span_slice(buffer_span(&image), 268 + 56, 4096)));
	CHECK(span_ends(content, span_slice(buffer_span(&image), 268 + 56 + 4096 + 8 + 56, 5001)));
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_ubiquiti, buffer_span(&image), 40, 100);
	buffer_done(&image);
}

TESTS(reads_ubiquiti, joins_ubiquiti_parts_that_go_on, reads_safeloader, reads_seama, reads_xiaomi, reads_the_corpus, reads_wrgg,
      reads_a_broadcom_tag, reads_what_openwrt_appends, tells_encrypted_images,
      does_not_go_over_the_same_bytes_for_ever)
