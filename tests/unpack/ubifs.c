#include "unpack/manifest.h"
#include "unpack/registry.h"

/* Makes an image with mkfs.ubifs and those options, compares it with its tree, and damages it. */
static void check(const char *options)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("ubifs-tree"));
	REQUIRE(manifest_shell("mkdir ubifs-tree/many && cd ubifs-tree/many && seq 500 | xargs touch && "
			       "truncate -s 900000 ../hole && printf end >> ../hole"));
	if (!manifest_shell("PATH=$PATH:/usr/sbin && command -v mkfs.ubifs && rm -f ubifs.img && "
			    "mkfs.ubifs -r ubifs-tree -o ubifs.img -m 2048 -e 126976 -c 200 %s",
			    options))
		SKIP("mkfs.ubifs is not installed");
	REQUIRE(manifest_open(manifest_path("ubifs.img"), &unpacker_ubifs, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_EQUAL(manifest_write(&image.opened, "ubifs"), DONE);
	CHECK(manifest_same("ubifs", "ubifs-tree", ""));
	const struct entry *one = opened_find(&image.opened, "/etc/passwd");
	const struct entry *two = opened_find(&image.opened, "/etc/passwd-hard");
	CHECK(one && two && one->identity != 0 && one->identity == two->identity);
	opened_exercise_damaged(&unpacker_ubifs, image.view.bytes, 10, 40);
	manifest_close(&image);
}

TEST(reads_lzo)
{
	check("-x lzo");
}

TEST(reads_zlib)
{
	check("-x zlib");
}

TEST(reads_zstd)
{
	check("-x zstd");
}

TEST(reads_plain)
{
	check("-x none");
}

TESTS(reads_lzo, reads_zlib, reads_zstd, reads_plain)
