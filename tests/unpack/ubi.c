#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

/* Two volumes, as ubinize makes them: a dynamic and a static one. */
static bool make_ubi(void)
{
	return manifest_shell("command -v ubinize > which.txt || exit 1; seq 1 60000 > one.bin && seq 1 9000 "
			      "> two.bin && "
			      "printf "
			      "'[a]\\nmode=ubi\\nimage=one.bin\\nvol_id=0\\nvol_size=1MiB\\nvol_type=dynamic\\n"
			      "vol_name=rootfs\\n[b]\\nmode=ubi\\nimage=two.bin\\nvol_id=5\\nvol_size=256KiB\\n"
			      "vol_type=static\\nvol_name=settings\\n' > ubi.ini && "
			      "ubinize -p 128KiB -m 2048 -o ubi.img ubi.ini");
}

static void check_volumes(const char *path)
{
	struct manifest_volume image;
	struct file_view one, two;
	struct span content;
	REQUIRE(file_view_open(manifest_path("one.bin"), SIZE_MAX, &one));
	REQUIRE(file_view_open(manifest_path("two.bin"), SIZE_MAX, &two));
	REQUIRE(manifest_open(manifest_path(path), &unpacker_ubi, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	REQUIRE(image.opened.listing.count == 2);
	const struct entry *root = opened_find(&image.opened, "rootfs");
	const struct entry *settings = opened_find(&image.opened, "settings");
	REQUIRE(root && settings);
	CHECK_EQUAL(opened_read(&image.opened, root, &content), DONE);
	CHECK(span_starts(content, one.bytes));
	CHECK_EQUAL(content.size, root->size);
	CHECK_EQUAL(opened_read(&image.opened, settings, &content), DONE);
	CHECK(span_equal(content, two.bytes));
	CHECK_EQUAL(content.size, settings->size);
	CHECK_EQUAL(image.opened.notes.count, 0);
	manifest_close(&image);
	file_view_close(&one);
	file_view_close(&two);
}

TEST(reads_what_ubinize_makes)
{
	struct manifest_volume image;
	if (!make_ubi())
		SKIP("ubinize is not here");
	check_volumes("ubi.img");
	REQUIRE(manifest_open(manifest_path("ubi.img"), &unpacker_ubi, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	opened_exercise_damaged(&unpacker_ubi, image.view.bytes, 30, 100);
	manifest_close(&image);
}

/* In flash, blocks lie anywhere, with erased ones between them. */
TEST(reads_blocks_in_any_order)
{
	if (!make_ubi())
		SKIP("ubinize is not here");
	REQUIRE(manifest_shell("head -c 131072 /dev/zero | tr '\\0' '\\377' > erased && n=$(($(stat -c %%s "
			       "ubi.img) / 131072)) && "
			       "for i in $(seq $((n - 1)) -1 0); do dd if=ubi.img bs=131072 skip=$i count=1 "
			       "status=none; "
			       "[ $((i %% 3)) = 0 ] && cat erased; done > mixed.img; printf 'other "
			       "partition' >> mixed.img"));
	check_volumes("mixed.img");
}

/* A raw dump: 64 spare bytes behind each page of 2048, of noise that is never a whole header. */
TEST(reads_a_dump_with_spare_bytes)
{
	struct manifest_volume image;
	struct opened opened;
	struct span pages;
	if (!make_ubi())
		SKIP("ubinize is not here");
	REQUIRE(manifest_open(manifest_path("ubi.img"), &unpacker_ubi, &image));
	struct buffer dump = recipe_new();
	struct span flash = image.view.bytes;
	for (uint64_t at = 0; at < flash.size; at += 2048) {
		recipe_bytes(&dump, span_slice(flash, at, 2048));
		recipe_noise(&dump, 64);
	}
	recipe_text(&dump, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_nand_spare, buffer_span(&dump)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, dump.size - 6);
	CHECK_TEXT(opened.volume.extent.detail, "pages of 2048 bytes, each with 64 spare bytes");
	REQUIRE(opened.listing.count == 1);
	CHECK_EQUAL(opened_read(&opened, &opened.listing.entries[0], &pages), DONE);
	CHECK(span_equal(pages, flash));
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_nand_spare, buffer_span(&dump), 20, 60);
	CHECK_EQUAL(opened_open(&opened, &unpacker_nand_spare, flash), NOT_THIS);
	opened_close(&opened);
	buffer_done(&dump);
	manifest_close(&image);
}

TEST(reads_the_corpus)
{
	struct manifest_volume image;
	struct span content;
	const char *path = harness_corpus("fmt-ubifs/ubi.img");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_ubi, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	REQUIRE(image.opened.listing.count == 1);
	CHECK_EQUAL(opened_read(&image.opened, image.opened.listing.entries, &content), DONE);
	/* A UBIFS superblock node. */
	CHECK(span_starts(content, SPAN_LITERAL("\x31\x18\x10\x06")));
	manifest_close(&image);
}

TESTS(reads_what_ubinize_makes, reads_blocks_in_any_order, reads_a_dump_with_spare_bytes, reads_the_corpus)
