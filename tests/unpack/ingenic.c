#include "unpack/manifest.h"
#include "unpack/registry.h"

TEST(reads_a_camera)
{
	struct manifest_volume image;
	const char *path = harness_corpus("dafang/dafang/5.5.1.177/uboot.bin");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_ingenic, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, 0x305C);
	const struct entry *spl = opened_find(&image.opened, "spl");
	CHECK(spl && spl->offset == 512 && spl->size == 0x305C - 512);
	opened_exercise_damaged(&unpacker_ingenic, span_slice(image.view.bytes, 0, 0x4000), 20, 50);
	manifest_close(&image);
}

/* A CRC-7 finds every change of one bit. */
TEST(refuses_changed_code)
{
	const char *path = harness_corpus("dafang/dafang/5.5.1.177/uboot.bin");
	struct file_view view;
	struct opened opened;
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(file_view_open(path, SIZE_MAX, &view));
	uint8_t copy[0x4000];
	memcpy(copy, view.bytes.data, sizeof copy);
	for (size_t at = 512; at < 0x305C; at += 997) {
		copy[at] ^= 4;
		CHECK_EQUAL(opened_open(&opened, &unpacker_ingenic, span_of(copy, sizeof copy)), NOT_THIS);
		opened_close(&opened);
		copy[at] ^= 4;
	}
	file_view_close(&view);
}

TESTS(reads_a_camera, refuses_changed_code)
