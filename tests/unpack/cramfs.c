#include "unpack/manifest.h"
#include "unpack/registry.h"

static void check_options(const char *options)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("cramfs-tree"));
	if (!manifest_shell("command -v mkfs.cramfs && mkfs.cramfs %s -n name cramfs-tree cramfs.img && "
			    "head -c 3000 /dev/urandom >> cramfs.img",
			    options))
		SKIP("mkfs.cramfs is not installed");
	REQUIRE(manifest_open(manifest_path("cramfs.img"), &unpacker_cramfs, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	CHECK_TEXT(image.opened.volume.extent.label, "name");
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 3000);
	CHECK_EQUAL(manifest_write(&image.opened, "cramfs"), DONE);
	CHECK(manifest_same("cramfs", "cramfs-tree", ""));
	opened_exercise_damaged(&unpacker_cramfs, image.view.bytes, 50, 300);
	manifest_close(&image);
}

TEST(reads_little_endian)
{
	check_options("-N little");
}

TEST(reads_big_endian)
{
	check_options("-N big");
}

TEST(reads_behind_room_for_boot_code)
{
	check_options("-p -N little");
	check_options("-p -N big");
}

TEST(notes_a_wrong_checksum)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("cramfs-tree"));
	if (!manifest_shell("command -v mkfs.cramfs && mkfs.cramfs cramfs-tree cramfs.img && "
			    "printf x | dd of=cramfs.img bs=1 seek=9000 conv=notrunc 2>/dev/null"))
		SKIP("mkfs.cramfs is not installed");
	REQUIRE(manifest_open(manifest_path("cramfs.img"), &unpacker_cramfs, &image));
	CHECK_EQUAL(image.opened.listed, PARTIAL);
	CHECK(image.opened.notes.first && span_equal_text(image.opened.notes.first->code, "cramfs.damaged"));
	manifest_close(&image);
}

static void open_corpus(const char *file, const char *path, uint64_t size)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus(file);
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(corpus, &unpacker_cramfs, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	const struct entry *entry = opened_find(&image.opened, path);
	CHECK(entry && entry->size == size);
	CHECK_EQUAL(opened_read_all(&image.opened), 0);
	manifest_close(&image);
}

TEST(reads_real_images)
{
	/* Made to be executed in place: blocks of both kinds, with direct pointers. */
	open_corpus("esp32s3-linux/rootfs.cramfs", "/bin/busybox", 1460804);
	open_corpus("fmt-fact/sevenz/test/data/cramfs.img", "/testfile1", 62);
}

TESTS(reads_little_endian, reads_big_endian, reads_behind_room_for_boot_code, notes_a_wrong_checksum, reads_real_images)
