#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

static bool have_mkimage(void)
{
	return manifest_shell("command -v mkimage > which.txt");
}

TEST(reads_a_single_payload)
{
	struct manifest_volume image;
	struct span content;
	if (!have_mkimage())
		SKIP("mkimage is not here");
	REQUIRE(manifest_shell("seq 1 5000 > payload && mkimage -A mips -O linux -T kernel -C lzma -a "
			       "0x80002000 "
			       "-e 0x80002400 -n 'Test kernel' -d payload one.img > mkimage.txt && "
			       "head -c 777 /dev/zero >> one.img"));
	REQUIRE(manifest_open(manifest_path("one.img"), &unpacker_uimage, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 777);
	CHECK_TEXT(image.opened.volume.extent.label, "Test kernel");
	CHECK_TEXT(image.opened.volume.extent.detail,
		   "Linux MIPS kernel, lzma, load 0x80002000, entry 0x80002400");
	const struct entry *kernel = opened_find(&image.opened, "kernel");
	REQUIRE(kernel != NULL);
	CHECK_EQUAL(kernel->offset, 64);
	CHECK_EQUAL(opened_read(&image.opened, kernel, &content), DONE);
	CHECK(span_starts_text(content, "1\n2\n3\n") && span_ends_text(content, "\n5000\n"));
	opened_exercise_damaged(&unpacker_uimage, image.view.bytes, 40, 100);
	manifest_close(&image);
}

TEST(reads_several_images)
{
	struct manifest_volume image;
	struct span content;
	if (!have_mkimage())
		SKIP("mkimage is not here");
	REQUIRE(manifest_shell("printf abc > a && printf 12345 > b && seq 1 100 > c && mkimage -A arm -O "
			       "linux "
			       "-T multi -C none -n several -d a:b:c multi.img > mkimage.txt"));
	REQUIRE(manifest_open(manifest_path("multi.img"), &unpacker_uimage, &image));
	REQUIRE(image.opened.listing.count == 3);
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "image-0"), &content), DONE);
	CHECK_TEXT(content, "abc");
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "image-1"), &content), DONE);
	CHECK_TEXT(content, "12345");
	CHECK_EQUAL(opened_read(&image.opened, opened_find(&image.opened, "image-2"), &content), DONE);
	CHECK(span_ends_text(content, "\n100\n"));
	opened_exercise_damaged(&unpacker_uimage, image.view.bytes, 40, 100);
	manifest_close(&image);
}

TEST(says_when_it_is_cut_or_changed)
{
	struct manifest_volume image;
	if (!have_mkimage())
		SKIP("mkimage is not here");
	REQUIRE(manifest_shell("seq 1 5000 > payload && mkimage -A arm -T firmware -C none -n x -d payload "
			       "full.img "
			       "> mkimage.txt && head -c 9000 full.img > cut.img && "
			       "sed 's/4000/4001/' full.img > changed.img && sed 's/^..../zzzz/' full.img > "
			       "other.img"));
	REQUIRE(manifest_open(manifest_path("cut.img"), &unpacker_uimage, &image));
	CHECK_EQUAL(image.opened.listed, PARTIAL);
	CHECK_EQUAL(image.opened.volume.extent.size, 9000);
	CHECK_EQUAL(image.opened.notes.count, 1);
	manifest_close(&image);
	REQUIRE(manifest_open(manifest_path("changed.img"), &unpacker_uimage, &image));
	CHECK_EQUAL(image.opened.volume.extent.bits, 64);
	CHECK_EQUAL(image.opened.notes.count, 1);
	manifest_close(&image);
}

TEST(refuses_a_header_whose_checksum_fails)
{
	static const uint8_t header[128] = { 0x27, 0x05, 0x19, 0x56, 1, 2, 3, 4 };
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, &unpacker_uimage, span_of(header, sizeof header)), NOT_THIS);
	opened_close(&opened);
}

static void check_reversed(size_t unit)
{
	struct manifest_volume image;
	struct opened opened;
	struct span right;
	if (!have_mkimage())
		SKIP("mkimage is not here");
	REQUIRE(manifest_shell("seq 1 5000 > payload && mkimage -A arm -O linux -T kernel -C none -d payload r.img > r.txt"));
	REQUIRE(manifest_open(manifest_path("r.img"), &unpacker_uimage, &image));
	struct buffer reversed = recipe_new();
	struct span bytes = span_slice(image.view.bytes, 0, image.view.bytes.size / 4 * 4);
	for (size_t i = 0; i < bytes.size; i++)
		recipe_fill(&reversed, reversed.size + 1, span_byte(bytes, i / unit * unit + unit - 1 - i % unit));
	CHECK_EQUAL(opened_open(&opened, &unpacker_byteswapped, buffer_span(&reversed)), DONE);
	CHECK_EQUAL(opened.notes.count, 1);
	REQUIRE(opened.listing.count == 1);
	CHECK_EQUAL(opened_read(&opened, &opened.listing.entries[0], &right), DONE);
	CHECK(span_equal(right, bytes));
	opened_close(&opened);
	recipe_patch_le32(&reversed, 12, 0);
	CHECK_EQUAL(opened_open(&opened, &unpacker_byteswapped, buffer_span(&reversed)), NOT_THIS);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_byteswapped, buffer_span(&reversed), 20, 60);
	buffer_done(&reversed);
	manifest_close(&image);
}

TEST(puts_reversed_bytes_right)
{
	check_reversed(2);
	check_reversed(4);
}

TESTS(puts_reversed_bytes_right, reads_a_single_payload, reads_several_images, says_when_it_is_cut_or_changed,
      refuses_a_header_whose_checksum_fails)
