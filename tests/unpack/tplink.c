#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

static struct buffer make_header(const char *vendor, uint32_t root)
{
	struct buffer image = recipe_new();
	recipe_be32(&image, 0x01000000);
	recipe_text(&image, vendor);
	recipe_fill(&image, 28, 0);
	recipe_text(&image, "ver. 1.0");
	recipe_fill(&image, 64, 0);
	recipe_be32(&image, 0x08410008);
	recipe_be32(&image, 2);
	recipe_fill(&image, 0x7C, 0);
	recipe_be32(&image, 0x2000);
	recipe_be32(&image, 512);
	recipe_be32(&image, 1000);
	recipe_be32(&image, root);
	recipe_be32(&image, 100);
	recipe_fill(&image, 512, 0);
	recipe_noise(&image, 1000);
	return image;
}

static void check_root(struct buffer *image, uint64_t offset)
{
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, &unpacker_tplink, buffer_span(image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 0x2000);
	const struct entry *kernel = opened_find(&opened, "kernel"), *root = opened_find(&opened, "rootfs");
	CHECK(kernel && kernel->offset == 512 && kernel->size == 1000);
	CHECK(root && root->offset == offset && root->size == 0x2000 - offset);
	opened_close(&opened);
}

TEST(takes_the_stated_root_behind_padding)
{
	struct buffer image = make_header("TP-LINK Technologies", 0x1000);
	recipe_fill(&image, 0x1000, 0xFF);
	recipe_noise(&image, 0x1000);
	check_root(&image, 0x1000);
	opened_exercise_damaged(&unpacker_tplink, buffer_span(&image), 50, 300);
	buffer_done(&image);
}

TEST(takes_what_follows_the_kernel_where_the_stated_root_lies_in_data)
{
	struct buffer image = make_header("OpenWrt", 0x1000);
	recipe_noise(&image, 0x2000 - image.size);
	check_root(&image, 1512);
	buffer_done(&image);
}

/* The firmware's version behind the sizes, in both layouts. */
static void check_version(struct buffer *image, const char *want)
{
	struct opened opened;
	recipe_fill(image, 512, 0);
	recipe_noise(image, 0x2000 - 512);
	REQUIRE(opened_open(&opened, &unpacker_tplink, buffer_span(image)) == DONE);
	CHECK_TEXT(opened.volume.extent.names.version, want);
	opened_close(&opened);
	buffer_done(image);
}

static struct buffer first_layout(void)
{
	struct buffer image = make_header("TP-LINK Technologies", 0x1000);
	image.size = 0x8C;
	recipe_fill(&image, 0x98, 0);
	return image;
}

static struct buffer second_layout(void)
{
	struct buffer image = recipe_new();
	recipe_be32(&image, 0x03000000);
	recipe_text(&image, "ver. 2.0");
	recipe_fill(&image, 0x34, 0xFF);
	recipe_be32(&image, 0x08410014);
	recipe_be32(&image, 1);
	recipe_fill(&image, 0x70, 0);
	recipe_be32(&image, 0x2000);
	recipe_be32(&image, 512);
	recipe_be32(&image, 1000);
	recipe_be32(&image, 0x1000);
	recipe_be32(&image, 100);
	recipe_fill(&image, 0x8C, 0);
	return image;
}

TEST(tells_the_version_of_the_firmware)
{
	static const uint8_t words[] = { 0, 3, 0, 16, 0, 9 }, bytes[] = { 0x55, 0xAA, 4, 19, 0xA5, 0, 9, 1 };
	struct buffer image = first_layout();
	recipe_bytes(&image, span_of(words, sizeof words));
	check_version(&image, "3.16.9");
	image = second_layout();
	recipe_bytes(&image, span_of(bytes, sizeof bytes));
	check_version(&image, "0.9.1 4.19");
	/* What is not filled in names none. */
	image = first_layout();
	check_version(&image, "");
	image = second_layout();
	recipe_bytes(&image, span_of(bytes + 2, 6));
	check_version(&image, "");
}

static void check_corpus(const char *path, const char *detail, const char *inner_name, uint64_t inner)
{
	struct manifest_volume image;
	struct opened behind;
	path = harness_corpus(path);
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_tplink, &image));
	CHECK_TEXT(image.opened.volume.extent.detail, detail);
	const struct entry *part = opened_find(&image.opened, inner_name);
	CHECK(part && part->offset == inner);
	if (part && span_equal_text(part->path, "firmware")) {
		CHECK_EQUAL(opened_open(&behind, &unpacker_tplink, span_from(image.view.bytes, inner)), DONE);
		CHECK(opened_find(&behind, "kernel") && opened_find(&behind, "rootfs"));
		opened_close(&behind);
	}
	manifest_close(&image);
}

TEST(reads_version_1_with_boot_loader)
{
	check_corpus("iot-vulhub/TP-Link/CVE-2020-8423/firmware/"
		     "wr841nv10_wr841ndv10_en_3_16_9_up_boot(150310).bin",
		     "version 1 header, hardware 08410010 revision 1, with boot loader, MD5 holds",
		     "firmware", 0x20200);
}

TEST(reads_version_2_with_boot_loader)
{
	check_corpus("wr841nv14/firmware/TL-WR841Nv14_EU.bin",
		     "version 2 header, hardware 08410014 revision 1, with boot loader, MD5 holds",
		     "firmware", 0x10200);
}

TEST(reads_openwrt_for_version_1)
{
	check_corpus("librarybox/openwrt-ar71xx-generic-tl-wr703n-v1-squashfs-factory.bin",
		     "version 1 header, hardware 07030101 revision 1, MD5 holds", "rootfs", 0xED044);
}

TESTS(takes_the_stated_root_behind_padding, takes_what_follows_the_kernel_where_the_stated_root_lies_in_data,
      tells_the_version_of_the_firmware,
      reads_version_1_with_boot_loader, reads_version_2_with_boot_loader, reads_openwrt_for_version_1)
