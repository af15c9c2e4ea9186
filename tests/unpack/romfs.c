#include "unpack/manifest.h"
#include "unpack/registry.h"

TEST(reads_what_genromfs_writes)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("romfs-tree"));
	if (!manifest_shell("command -v genromfs && rm -f romfs-tree/pipe && genromfs -d romfs-tree -V name "
			    "-f romfs.img && "
			    "head -c 3000 /dev/urandom >> romfs.img"))
		SKIP("genromfs is not installed");
	REQUIRE(manifest_open(manifest_path("romfs.img"), &unpacker_romfs, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_TEXT(image.opened.volume.extent.label, "name");
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 3000);
	CHECK_EQUAL(manifest_write(&image.opened, "romfs"), DONE);
	/* Owners, and modes but for one bit, are not kept. */
	CHECK(manifest_same("romfs", "romfs-tree", "s/|[0-7]*|[0-9]*|[0-9]*|/|/"));
	const struct entry *one = opened_find(&image.opened, "/etc/passwd");
	const struct entry *two = opened_find(&image.opened, "/etc/passwd-hard");
	CHECK(one && two && one->identity != 0 && one->identity == two->identity);
	opened_exercise_damaged(&unpacker_romfs, image.view.bytes, 50, 300);
	manifest_close(&image);
}

static void open_corpus(const char *file, const char *path, uint64_t size)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus(file);
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(corpus, &unpacker_romfs, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	const struct entry *entry = opened_find(&image.opened, path);
	CHECK(entry && entry->size == size);
	CHECK_EQUAL(opened_read_all(&image.opened), 0);
	manifest_close(&image);
}

TEST(reads_real_images)
{
	open_corpus("stm32-uclinux/romfs.bin", "/bin/busybox", 279496);
	open_corpus("fmt-fact/generic_fs/test/data/romfs.img", "/testfile1", 62);
}

TESTS(reads_what_genromfs_writes, reads_real_images)
