#include "unpack/manifest.h"
#include "unpack/registry.h"

/* Makes an image with mkfs.vfat and mtools, compares it, and damages it. */
static void check(const char *options, const char *size, const char *kind)
{
	struct manifest_volume image;
	REQUIRE(manifest_shell(
	    "rm -rf fat-tree && mkdir -p fat-tree/overlays fat-tree/EFI/BOOT && cd fat-tree && "
	    "echo hello > CONFIG.TXT && echo hello > cmdline.txt && : > empty && "
	    "seq 1 20000 > 'overlays/a long name with spaces.dtbo' && "
	    "head -c 100000 /dev/urandom > EFI/BOOT/BOOTAA64.EFI && echo u > 'gr\303\274n "
	    "\342\202\254.txt' && "
	    "echo x > lower.TXT && for i in $(seq 300); do echo $i > overlays/number-$i.txt; done"));
	if (!manifest_shell(
		"export PATH=$PATH:/usr/sbin MTOOLS_SKIP_CHECK=1 LC_ALL=C.UTF-8; command -v mkfs.vfat mcopy "
		"&& rm -f fat.img && "
		"truncate -s %s fat.img && mkfs.vfat %s -n BOOT fat.img && "
		"mcopy -s -i fat.img fat-tree/[Cceglo]* ::/ && mdel -i fat.img ::/overlays/number-7.txt && "
		"mcopy -s -i fat.img fat-tree/EFI ::/ && rm fat-tree/overlays/number-7.txt && "
		"head -c 3000 /dev/urandom >> fat.img",
		size, options))
		SKIP("mkfs.vfat and mtools are not installed");
	REQUIRE(manifest_open(manifest_path("fat.img"), &unpacker_fat, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_TEXT(image.opened.volume.extent.label, "BOOT");
	CHECK_TEXT(span_slice(image.opened.volume.extent.detail, 0, 5), kind);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 3000);
	CHECK_EQUAL(manifest_write(&image.opened, "fat"), DONE);
	CHECK(manifest_same("fat", "fat-tree", "s/|[0-7]*|[0-9]*|[0-9]*|/|/"));
	opened_exercise_damaged(&unpacker_fat, span_slice(image.view.bytes, 0, 4 << 20), 20, 60);
	manifest_close(&image);
}

TEST(reads_fat12)
{
	check("-F 12", "4M", "FAT12");
}

TEST(reads_fat16)
{
	check("-F 16", "16M", "FAT16");
}

TEST(reads_fat32)
{
	check("-F 32 -s 1", "40M", "FAT32");
}

TEST(reads_a_foreign_image)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus("fmt-fact/sevenz/test/data/fat.img.xz");
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_shell("xz -dc %s > foreign.img", corpus));
	REQUIRE(manifest_open(manifest_path("foreign.img"), &unpacker_fat, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	const struct entry *entry = opened_find(&image.opened, "/get_files_test/testfile1");
	CHECK(entry && entry->size == 62);
	CHECK_EQUAL(opened_read_all(&image.opened), 0);
	manifest_close(&image);
}

TESTS(reads_fat12, reads_fat16, reads_fat32, reads_a_foreign_image)
