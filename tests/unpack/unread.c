/* Volumes that are told by their superblocks: nothing in them is listed, and nothing else is taken for one. */
#include "unpack/opened.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

enum { SUPERBLOCK = 1024, BTRFS_SUPERBLOCK = 65536 };

static struct buffer blank(size_t size)
{
	struct buffer image = recipe_new();
	recipe_fill(&image, size, 0);
	return image;
}

static void check_told(const struct unpacker *unpacker, struct buffer *image, uint64_t size)
{
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, unpacker, buffer_span(image)), UNSUPPORTED);
	CHECK_EQUAL(opened.volume.extent.size, size);
	CHECK_EQUAL(opened.listing.count, 0);
	opened_close(&opened);
	opened_exercise_damaged(unpacker, buffer_span(image), 64, 256);
}

static void check_refused(const struct unpacker *unpacker, struct buffer *image)
{
	struct opened opened;
	CHECK_EQUAL(opened_open(&opened, unpacker, buffer_span(image)), NOT_THIS);
	opened_close(&opened);
}

static struct buffer make_f2fs(uint32_t blocks)
{
	struct buffer image = blank(0x20000);
	recipe_patch(&image, SUPERBLOCK, SPAN_LITERAL("\x10\x20\xf5\xf2\1\0\x10\0\x09\0\0\0\x03\0\0\0\x0c\0\0\0\x09"));
	recipe_patch_le32(&image, SUPERBLOCK + 36, blocks);
	return image;
}

TEST(tells_f2fs)
{
	struct buffer image = make_f2fs(16);
	check_told(&unpacker_f2fs, &image, 0x10000);
	recipe_patch_le32(&image, SUPERBLOCK + 12, 9); /* sectors and blocks that do not agree */
	check_refused(&unpacker_f2fs, &image);
	buffer_done(&image);
	image = make_f2fs(1000); /* cut short: what there is */
	check_told(&unpacker_f2fs, &image, 0x20000);
	buffer_done(&image);
}

TEST(tells_erofs)
{
	struct buffer image = blank(0x4000);
	recipe_patch(&image, SUPERBLOCK, SPAN_LITERAL("\xe2\xe1\xf5\xe0\0\0\0\0\0\0\0\0\x0c"));
	recipe_patch_le32(&image, SUPERBLOCK + 36, 3);
	check_told(&unpacker_erofs, &image, 0x3000);
	recipe_patch(&image, SUPERBLOCK + 12, SPAN_LITERAL("\x20"));
	check_refused(&unpacker_erofs, &image);
	buffer_done(&image);
}

TEST(tells_btrfs_and_reiserfs)
{
	struct buffer image = blank(0x20000);
	recipe_patch(&image, BTRFS_SUPERBLOCK + 50, SPAN_LITERAL("\1"));
	recipe_patch(&image, BTRFS_SUPERBLOCK + 64, SPAN_LITERAL("_BHRfS_M"));
	recipe_patch_le32(&image, BTRFS_SUPERBLOCK + 112, 0x1f000);
	recipe_patch_le32(&image, BTRFS_SUPERBLOCK + 144, 4096);
	check_told(&unpacker_btrfs, &image, 0x1f000);
	recipe_patch_le32(&image, BTRFS_SUPERBLOCK + 144, 0);
	check_refused(&unpacker_btrfs, &image);
	buffer_done(&image);

	image = blank(0x20000);
	recipe_patch(&image, 65536, SPAN_LITERAL("\x18"));
	recipe_patch(&image, 65536 + 44, SPAN_LITERAL("\0\x10"));
	recipe_patch(&image, 65536 + 52, SPAN_LITERAL("ReIsEr2Fs"));
	check_told(&unpacker_reiserfs, &image, 0x18000);
	buffer_done(&image);
}

TEST(tells_xfs)
{
	struct buffer image = blank(0x4000);
	recipe_patch(&image, 0, SPAN_LITERAL("XFSB\0\0\x10\0\0\0\0\0\0\0\0\2"));
	recipe_patch(&image, 120, SPAN_LITERAL("\x0c"));
	check_told(&unpacker_xfs, &image, 0x2000);
	recipe_patch(&image, 120, SPAN_LITERAL("\x0b"));
	check_refused(&unpacker_xfs, &image);
	buffer_done(&image);
}

TEST(tells_volumes_with_a_boot_sector)
{
	struct buffer image = blank(0x4000);
	recipe_patch(&image, 3, SPAN_LITERAL("NTFS    \0\2"));
	recipe_patch(&image, 40, SPAN_LITERAL("\x0f"));
	check_refused(&unpacker_ntfs, &image);
	recipe_patch(&image, 510, SPAN_LITERAL("\x55\xaa"));
	check_told(&unpacker_ntfs, &image, 0x2000);
	buffer_done(&image);

	image = blank(0x4000);
	recipe_patch(&image, 3, SPAN_LITERAL("EXFAT   "));
	recipe_patch(&image, 72, SPAN_LITERAL("\x10"));
	recipe_patch(&image, 108, SPAN_LITERAL("\x09"));
	recipe_patch(&image, 510, SPAN_LITERAL("\x55\xaa"));
	check_told(&unpacker_exfat, &image, 0x2000);
	buffer_done(&image);
}

TEST(tells_volumes_of_other_systems)
{
	struct buffer image = blank(0x4000);
	recipe_patch(&image, SUPERBLOCK, SPAN_LITERAL("H+\0\4"));
	recipe_patch(&image, SUPERBLOCK + 40, SPAN_LITERAL("\0\0\x10\0\0\0\0\3\0\0\0\1"));
	check_told(&unpacker_hfs, &image, 0x3000);
	buffer_done(&image);

	image = blank(0x4000);
	recipe_patch(&image, SUPERBLOCK, SPAN_LITERAL("\2\0\0\0\0\0\x34\x34\x18\1"));
	recipe_patch_le32(&image, SUPERBLOCK + 32, 0x2000);
	check_told(&unpacker_nilfs, &image, 0x2000);
	buffer_done(&image);

	image = blank(0x4000);
	recipe_patch(&image, 0, SPAN_LITERAL("\x48\xa0\xe4\xcd" "Advanced XIP FS"));
	recipe_patch(&image, 72, SPAN_LITERAL("\0\0\0\0\0\0\x30\0"));
	check_told(&unpacker_axfs, &image, 0x3000);
	buffer_done(&image);
}

TEST(tells_what_holds_volumes)
{
	struct buffer image = blank(0x4000);
	recipe_patch(&image, 512, SPAN_LITERAL("LABELONE\1\0\0\0\0\0\0\0\0\0\0\0\x20\0\0\0LVM2 001"));
	recipe_patch_le32(&image, 512 + 32 + 32, 0x3000);
	check_told(&unpacker_lvm, &image, 0x3000);
	buffer_done(&image);

	image = blank(0x4000);
	recipe_patch(&image, 0, SPAN_LITERAL("LUKS\xba\xbe\0\2"));
	check_told(&unpacker_luks, &image, 0x4000);
	recipe_patch(&image, 7, SPAN_LITERAL("\3"));
	check_refused(&unpacker_luks, &image);
	buffer_done(&image);

	image = blank(0x4000);
	recipe_patch(&image, SUPERBLOCK, SPAN_LITERAL("\1\0\0\0\2"));
	recipe_patch(&image, 4086, SPAN_LITERAL("SWAPSPACE2"));
	check_told(&unpacker_swap, &image, 0x3000);
	buffer_done(&image);
}

TESTS(tells_f2fs, tells_erofs, tells_btrfs_and_reiserfs, tells_xfs, tells_volumes_with_a_boot_sector,
      tells_volumes_of_other_systems, tells_what_holds_volumes)
