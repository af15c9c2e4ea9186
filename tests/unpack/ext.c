#include "unpack/manifest.h"
#include "unpack/registry.h"

/* Makes an image of a tree with mke2fs and those options, compares it, and damages it. */
static void check(const char *options, const char *detail)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("ext-tree"));
	/* A directory of many blocks, which has an index, and a file with a hole. */
	REQUIRE(manifest_shell(
	    "mkdir ext-tree/many && (cd ext-tree/many && seq -f 'a-file-with-a-long-name-%%g' 2000 | "
	    "xargs touch) && truncate -s 900000 ext-tree/hole && "
	    "printf end >> ext-tree/hole"));
	if (!manifest_shell(
		"PATH=$PATH:/usr/sbin && command -v mke2fs && rm -f ext.img && "
		"mke2fs -q -F -N 4096 %s -L name -d ext-tree ext.img 12M && head -c 3000 /dev/urandom >> ext.img && "
		"debugfs -w -R 'ea_set /bin/tool security.mark value' ext.img",
		options))
		SKIP("mke2fs or debugfs is not here, or cannot make this image");
	REQUIRE(manifest_open(manifest_path("ext.img"), &unpacker_ext, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.notes.count, 0);
	CHECK_TEXT(image.opened.volume.extent.label, "name");
	CHECK_TEXT(image.opened.volume.extent.detail, detail);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 3000);
	CHECK_EQUAL(manifest_write(&image.opened, "ext"), DONE);
	CHECK(manifest_same("ext", "ext-tree", "/lost+found/d"));
	const struct entry *one = opened_find(&image.opened, "/etc/passwd");
	const struct entry *two = opened_find(&image.opened, "/etc/passwd-hard");
	CHECK(one && two && one->identity != 0 && one->identity == two->identity);
	const struct entry *tool = opened_find(&image.opened, "/bin/tool");
	bool attributes = !strstr(options, "-r 0") && !strstr(options, "revision=0");
	CHECK(tool && (tool->attributes != NULL) == attributes);
	if (tool && tool->attributes) {
		CHECK_TEXT(tool->attributes->name, "security.mark");
		CHECK_TEXT(tool->attributes->value, "value");
	}
	opened_exercise_damaged(&unpacker_ext, image.view.bytes, 10, 40);
	manifest_close(&image);
}

TEST(reads_ext2)
{
	check("-t ext2 -b 1024", "ext2, 1 KiB blocks");
	/* The first revision; how it is asked for depends on the version of mke2fs. */
	bool old = manifest_shell("PATH=$PATH:/usr/sbin; rm -f old.img; mke2fs -q -F -r 0 old.img 1M");
	check(old ? "-t ext2 -b 4096 -r 0" : "-t ext2 -b 4096 -E revision=0", "ext2, 4 KiB blocks");
}

TEST(reads_ext3)
{
	check("-t ext3 -b 2048", "ext3, 2 KiB blocks");
}

TEST(reads_ext4)
{
	check("-t ext4 -b 1024", "ext4, 1 KiB blocks");
	check("-t ext4 -b 4096 -O 64bit,^has_journal", "ext4, 4 KiB blocks");
}

TEST(reads_inline_content)
{
	check("-t ext4 -O inline_data -I 512", "ext4, 1 KiB blocks");
	check("-t ext4 -b 4096 -I 256 -O inline_data,bigalloc,sparse_super2", "ext4, 4 KiB blocks");
}

/* Groups of 512 blocks: more descriptors than one block holds. */
TEST(reads_descriptors_in_their_groups)
{
	check("-t ext4 -b 1024 -g 512 -O meta_bg,^resize_inode", "ext4, 1 KiB blocks");
	check("-t ext2 -b 1024 -g 256 -O meta_bg,^resize_inode", "ext2, 1 KiB blocks");
}

TEST(ignores_copies_of_the_superblock)
{
	if (!manifest_shell("PATH=$PATH:/usr/sbin && command -v mke2fs && rm -f ext.img && mke2fs -q -F -t "
			    "ext2 -b 1024 ext.img 12M"))
		SKIP("mke2fs is not installed");
	struct manifest_volume image;
	struct opened copy;
	REQUIRE(manifest_open(manifest_path("ext.img"), &unpacker_ext, &image));
	/* The copy of group 1 lies at block 8193. */
	CHECK(span_has_at(image.view.bytes, 8193 * 1024 + 56, SPAN_LITERAL("\x53\xef")));
	CHECK_EQUAL(opened_open(&copy, &unpacker_ext, span_from(image.view.bytes, 8192 * 1024)), NOT_THIS);
	opened_close(&copy);
	manifest_close(&image);
}

static void open_corpus(const char *file)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus(file);
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_shell("xz -dc %s > foreign.img", corpus));
	REQUIRE(manifest_open(manifest_path("foreign.img"), &unpacker_ext, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	const struct entry *entry = opened_find(&image.opened, "/get_files_test/testfile1");
	CHECK(entry && entry->size == 62);
	CHECK_EQUAL(opened_read_all(&image.opened), 0);
	manifest_close(&image);
}

TEST(reads_foreign_images)
{
	open_corpus("fmt-fact/sevenz/test/data/ext2.img.xz");
	open_corpus("fmt-fact/sevenz/test/data/ext3.img.xz");
	open_corpus("fmt-fact/sevenz/test/data/ext4.img.xz");
}

TESTS(reads_ext2, reads_ext3, reads_ext4, reads_inline_content,
      reads_descriptors_in_their_groups, ignores_copies_of_the_superblock,
      reads_foreign_images)
