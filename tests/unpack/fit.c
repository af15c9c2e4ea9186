#include "unpack/manifest.h"
#include "unpack/registry.h"

/* A FIT with a kernel and a device tree, as mkimage makes it from a source text. */
static bool make_fit(const char *options)
{
	return manifest_shell(
		"command -v mkimage > which.txt && command -v dtc >> which.txt && seq 1 3000 > kernel.bin && "
		"printf '/dts-v1/; / { model = \"Test board\"; compatible = \"maker,board\"; "
		"chosen { bootargs = \"console=ttyS0\"; }; };' | dtc -q -O dtb -o board.dtb && "
		"printf '/dts-v1/; / { description = \"Test image\"; #address-cells = <1>; images { "
		"kernel-1 { "
		"description = \"k\"; data = /incbin/(\"kernel.bin\"); type = \"kernel\"; arch = \"arm\"; "
		"os = \"linux\"; compression = \"none\"; load = <0>; entry = <0>; hash-1 { algo = "
		"\"sha256\"; }; "
		"hash-2 { algo = \"crc32\"; }; }; fdt-1 { data = /incbin/(\"board.dtb\"); type = "
		"\"flat_dt\"; "
		"arch = \"arm\"; compression = \"none\"; hash-1 { algo = \"md5\"; }; }; }; configurations { "
		"default = \"a\"; a { kernel = \"kernel-1\"; fdt = \"fdt-1\"; }; }; };' > fit.its && "
		"mkimage %s -f fit.its fit.itb > mkimage.txt 2>&1", options);
}

static void check_fit(const char *options)
{
	struct manifest_volume image;
	struct file_view kernel, board;
	struct span content;
	if (!make_fit(options))
		SKIP("mkimage or dtc is not here");
	REQUIRE(manifest_shell("printf 'behind it' >> fit.itb"));
	REQUIRE(file_view_open(manifest_path("kernel.bin"), SIZE_MAX, &kernel));
	REQUIRE(file_view_open(manifest_path("board.dtb"), SIZE_MAX, &board));
	REQUIRE(manifest_open(manifest_path("fit.itb"), &unpacker_fit, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_TEXT(image.opened.volume.extent.label, "Test image");
	CHECK_TEXT(image.opened.volume.extent.detail, "2 images, 1 configurations, not signed");
	CHECK(image.opened.volume.extent.size <= image.view.bytes.size - 9);
	CHECK_EQUAL(image.opened.notes.count, 0);
	REQUIRE(image.opened.listing.count == 2);
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "kernel-1"), &content), DONE);
	CHECK(span_equal(content, kernel.bytes));
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "fdt-1"), &content), DONE);
	CHECK(span_equal(content, board.bytes));
	opened_exercise_damaged(&unpacker_fit, image.view.bytes, 60, 300);
	manifest_close(&image);
	file_view_close(&kernel);
	file_view_close(&board);
}

TEST(reads_data_inside)
{
	check_fit("");
}

TEST(reads_data_behind_by_offset)
{
	check_fit("-E");
}

TEST(reads_data_behind_by_position)
{
	check_fit("-E -p 0x2000");
}

TEST(notes_a_hash_that_does_not_hold)
{
	struct manifest_volume image;
	if (!make_fit(""))
		SKIP("mkimage or dtc is not here");
	REQUIRE(manifest_shell("sed 's/^2000$/2001/' fit.itb > changed.itb"));
	REQUIRE(manifest_open(manifest_path("changed.itb"), &unpacker_fit, &image));
	CHECK_EQUAL(image.opened.notes.count, 2);
	manifest_close(&image);
}

TEST(reads_a_board_loader)
{
	struct manifest_volume image;
	const char *path = harness_corpus("fit-rk3399/rockpro64/u-boot.itb");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_fit, &image));
	CHECK_EQUAL(image.opened.listing.count, 5);
	CHECK(opened_find(&image.opened, "uboot") != NULL);
	CHECK_EQUAL(image.opened.notes.count, 0);
	manifest_close(&image);
}

TEST(tells_a_device_tree)
{
	struct manifest_volume image;
	if (!make_fit(""))
		SKIP("mkimage or dtc is not here");
	/* At an odd address, too. */
	REQUIRE(manifest_shell("cp board.dtb tree.img && printf behind >> tree.img"));
	REQUIRE(manifest_open(manifest_path("tree.img"), &unpacker_devicetree, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 6);
	CHECK_TEXT(image.opened.volume.extent.label, "Test board");
	CHECK_TEXT(image.opened.volume.extent.detail, "compatible maker,board, bootargs console=ttyS0");
	opened_exercise_damaged(&unpacker_devicetree, image.view.bytes, 60, 300);
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, &unpacker_fit, image.view.bytes), NOT_THIS);
	opened_close(&opened);
	manifest_close(&image);
}

TESTS(reads_data_inside, reads_data_behind_by_offset, reads_data_behind_by_position,
      notes_a_hash_that_does_not_hold, reads_a_board_loader, tells_a_device_tree)
