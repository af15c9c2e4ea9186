#include "unpack/manifest.h"
#include "unpack/registry.h"

/* Makes an image with mkfs.jffs2 and those options, and compares it with its tree. */
static void check(const char *options)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("jffs2-tree"));
	if (!manifest_shell("PATH=$PATH:/usr/sbin && command -v mkfs.jffs2 && mkfs.jffs2 -r jffs2-tree -o "
			    "jffs2.img -e 64KiB %s",
			    options))
		SKIP("mkfs.jffs2 is not installed");
	REQUIRE(manifest_open(manifest_path("jffs2.img"), &unpacker_jffs2, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_EQUAL(manifest_write(&image.opened, "jffs2"), DONE);
	CHECK(manifest_same("jffs2", "jffs2-tree", ""));
	opened_exercise_damaged(&unpacker_jffs2, image.view.bytes, 20, 60);
	manifest_close(&image);
}

TEST(reads_little_endian)
{
	check("-l -p");
}

TEST(reads_big_endian)
{
	check("-b -n");
}

TEST(reads_all_compressors)
{
	check("-l -m none");
	check("-b -m size");
	check("-l -x zlib -x lzo -m priority");
	check("-b -x zlib -x rtime -X lzo");
}

TEST(reads_an_image_with_summaries)
{
	REQUIRE(manifest_make_tree("jffs2-tree"));
	if (!manifest_shell("PATH=$PATH:/usr/sbin && command -v sumtool && mkfs.jffs2 -r jffs2-tree -o "
			    "plain.jffs2 -e 64KiB -l && "
			    "sumtool -i plain.jffs2 -o summed.jffs2 -e 64KiB -l -p"))
		SKIP("sumtool is not installed");
	struct manifest_volume image;
	REQUIRE(manifest_open(manifest_path("summed.jffs2"), &unpacker_jffs2, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(manifest_write(&image.opened, "jffs2"), DONE);
	CHECK(manifest_same("jffs2", "jffs2-tree", ""));
	manifest_close(&image);
}

/* An image followed by other bytes ends where its erase blocks do, and hard links are one content. */
TEST(ends_where_its_nodes_do)
{
	REQUIRE(manifest_make_tree("jffs2-tree"));
	if (!manifest_shell("PATH=$PATH:/usr/sbin && command -v mkfs.jffs2 && mkfs.jffs2 -r jffs2-tree -o "
			    "plain.jffs2 -e 64KiB -l -p && "
			    "cat plain.jffs2 > padded.jffs2 && head -c 600000 /dev/urandom >> padded.jffs2"))
		SKIP("mkfs.jffs2 is not installed");
	struct manifest_volume image;
	REQUIRE(manifest_open(manifest_path("padded.jffs2"), &unpacker_jffs2, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 600000);
	const struct entry *one = opened_find(&image.opened, "/etc/passwd");
	const struct entry *two = opened_find(&image.opened, "/etc/passwd-hard");
	CHECK(one && two && one->identity != 0 && one->identity == two->identity);
	manifest_close(&image);
}

static void open_corpus(const char *file, const char *path, uint64_t size)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus(file);
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(corpus, &unpacker_jffs2, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	const struct entry *entry = opened_find(&image.opened, path);
	CHECK(entry && entry->size == size);
	CHECK_EQUAL(opened_read_all(&image.opened), 0);
	manifest_close(&image);
}

TEST(reads_real_images)
{
	open_corpus("esp32s3-linux/rootfs.jffs2", "/services", 10873);
	open_corpus("fmt-fact/jffs2/test/data/jffs2_le.img", "/testfile1", 62);
	open_corpus("fmt-fact/jffs2/test/data/jffs2_be.img", "/testfile1", 62);
}

TESTS(reads_little_endian, reads_big_endian, reads_all_compressors, reads_an_image_with_summaries,
      ends_where_its_nodes_do, reads_real_images)
