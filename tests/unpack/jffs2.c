#include "unpack/jffs2.h"
#include "unpack/manifest.h"
#include "unpack/recipe.h"
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

/* The header of a node of that type and size. */
static void begin_node(struct buffer *image, uint32_t type, size_t size)
{
	size_t start = image->size;
	recipe_le32(image, 0x1985 | type << 16);
	recipe_le32(image, (uint32_t)size);
	recipe_le32(image, jffs2_checksum(span_slice(buffer_span(image), start, 8)));
}

static void pad_node(struct buffer *image)
{
	recipe_fill(image, (image->size + 3) & ~(size_t)3, 0xff);
}

enum { FILE_MODE = 0100644, NO_INODE = 0 };

/* A node of an inode: its text at `at`, in a file that is then `size` bytes long. */
static size_t add_inode(struct buffer *image, uint32_t number, uint32_t version, uint32_t size, uint32_t at, const char *text)
{
	size_t start = image->size;
	struct span content = span_of_text(text);
	const uint32_t length = (uint32_t)content.size;
	const uint32_t fields[] = {
		number, version, FILE_MODE, version /* its owner */, size, 0, 0, 0, at, length, length, 0,
	};
	begin_node(image, JFFS2_INODE, 68 + content.size);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		recipe_le32(image, fields[i]);
	uint32_t checksum = jffs2_checksum(span_from(buffer_span(image), start));
	recipe_le32(image, jffs2_checksum(content));
	recipe_le32(image, checksum);
	recipe_bytes(image, content);
	pad_node(image);
	return start;
}

/* A name in the root. */
static void add_name(struct buffer *image, uint32_t version, uint32_t inode, const char *name)
{
	size_t start = image->size;
	const uint32_t fields[] = { 1, version, inode, 0, (uint32_t)strlen(name) | 8 << 8 };
	begin_node(image, JFFS2_DIRENT, 40 + strlen(name));
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		recipe_le32(image, fields[i]);
	recipe_le32(image, jffs2_checksum(span_from(buffer_span(image), start)));
	recipe_le32(image, jffs2_checksum(span_of_text(name)));
	recipe_text(image, name);
	pad_node(image);
}

/* What a log says of one path: how it is read, its owner and content; content NULL where there must be no such path. */
static void check_log(const struct buffer *image, const char *path, enum outcome outcome, uint32_t owner, const char *content)
{
	struct opened opened;
	struct span got;
	CHECK_EQUAL(opened_open(&opened, &unpacker_jffs2, buffer_span(image)), DONE);
	const struct entry *entry = opened_find(&opened, path);
	CHECK_EQUAL(entry != NULL, content != NULL);
	if (entry && content) {
		CHECK_EQUAL(opened_read(&opened, entry, &got), outcome);
		CHECK_TEXT(got, content);
		CHECK_EQUAL(entry->uid, owner);
	}
	opened_close(&opened);
}

TEST(newest_node_of_a_file_holds_wherever_it_lies)
{
	struct buffer image = recipe_new();
	add_name(&image, 1, 2, "newer-last");
	add_inode(&image, 2, 1, 5, 0, "older");
	add_inode(&image, 2, 2, 5, 0, "newer");
	add_inode(&image, 3, 9, 5, 0, "newer");
	add_inode(&image, 3, 8, 5, 0, "older");
	add_name(&image, 1, 3, "newer-first");
	add_inode(&image, 4, 1, 8, 0, "abcdefgh");
	add_inode(&image, 4, 3, 8, 3, "Z");
	add_inode(&image, 4, 2, 8, 2, "XY");
	add_name(&image, 1, 4, "in-pieces");
	check_log(&image, "/newer-last", DONE, 2, "newer");
	check_log(&image, "/newer-first", DONE, 9, "newer");
	check_log(&image, "/in-pieces", DONE, 3, "abXZefgh");
	buffer_done(&image);
}

TEST(newest_name_holds_and_one_that_was_taken_away_is_gone)
{
	struct buffer image = recipe_new();
	add_inode(&image, 2, 1, 3, 0, "two");
	add_inode(&image, 3, 1, 5, 0, "three");
	add_name(&image, 2, 3, "moved");
	add_name(&image, 1, 2, "moved");
	add_name(&image, 2, NO_INODE, "removed");
	add_name(&image, 1, 2, "removed");
	add_name(&image, 1, 2, "back");
	add_name(&image, 2, NO_INODE, "back");
	add_name(&image, 3, 3, "back");
	check_log(&image, "/moved", DONE, 1, "three");
	check_log(&image, "/removed", DONE, 0, NULL);
	check_log(&image, "/back", DONE, 1, "three");
	buffer_done(&image);
}

/* A node without content ends a file where it says, and nothing that was written after it. */
TEST(truncation_node_cuts_what_is_older_alone)
{
	struct buffer image = recipe_new();
	add_inode(&image, 2, 1, 8, 0, "abcdefgh");
	add_inode(&image, 2, 2, 3, 0, "");
	add_name(&image, 1, 2, "cut");
	add_inode(&image, 3, 1, 8, 0, "abcdefgh");
	add_inode(&image, 3, 3, 6, 3, "xyz");
	add_inode(&image, 3, 2, 3, 0, "");
	add_name(&image, 1, 3, "cut-and-written");
	add_inode(&image, 4, 1, 4, 0, "abcd");
	add_inode(&image, 4, 2, 4, 0, "");
	add_name(&image, 1, 4, "owner-changed");
	add_inode(&image, 5, 1, 4, 0, "abcd");
	add_inode(&image, 5, 2, 0, 0, "");
	add_name(&image, 1, 5, "emptied");
	add_inode(&image, 6, 1, 8, 0, "abcdefgh");
	add_inode(&image, 6, 2, 3, 0, "");
	add_inode(&image, 6, 3, 8, 5, "xyz");
	add_name(&image, 1, 6, "hole-lost");
	check_log(&image, "/cut", DONE, 2, "abc");
	check_log(&image, "/cut-and-written", DONE, 3, "abcxyz");
	check_log(&image, "/owner-changed", DONE, 2, "abcd");
	check_log(&image, "/emptied", DONE, 2, "");
	struct opened opened;
	struct span got;
	(void)opened_open(&opened, &unpacker_jffs2, buffer_span(&image));
	const struct entry *lost = opened_find(&opened, "/hole-lost");
	REQUIRE(lost);
	CHECK_EQUAL(opened_read(&opened, lost, &got), PARTIAL);
	CHECK(span_equal(got, SPAN_LITERAL("abc\0\0xyz")));
	opened_close(&opened);
	buffer_done(&image);
}

TEST(tells_obsolete_damaged_and_lost_nodes_apart)
{
	struct buffer image = recipe_new();
	add_inode(&image, 2, 1, 5, 0, "valid");
	size_t obsolete = add_inode(&image, 2, 2, 5, 0, "waste");
	recipe_patch(&image, obsolete + 3, SPAN_LITERAL("\xc0")); /* the bit of accuracy cleared in place */
	add_name(&image, 1, 2, "obsolete");
	add_inode(&image, 3, 1, 3, 0, "abc");
	add_inode(&image, 3, 2, 9, 6, "ghi");
	add_name(&image, 1, 3, "lost");
	add_inode(&image, 4, 1, 3, 0, "abc");
	add_inode(&image, 4, 2, 1u << 30, 0, "xyz");
	add_name(&image, 1, 4, "end-lost");
	check_log(&image, "/obsolete", DONE, 1, "valid");
	check_log(&image, "/end-lost", PARTIAL, 2, "xyz");
	struct opened opened;
	struct span got;
	CHECK_EQUAL(opened_open(&opened, &unpacker_jffs2, buffer_span(&image)), DONE);
	const struct entry *lost = opened_find(&opened, "/lost");
	REQUIRE(lost);
	CHECK_EQUAL(opened_read(&opened, lost, &got), PARTIAL);
	CHECK(span_equal(got, SPAN_LITERAL("abc\0\0\0ghi")));
	opened_close(&opened);
	size_t damaged = add_inode(&image, 2, 3, 5, 0, "wrong");
	recipe_patch(&image, damaged + 68, SPAN_LITERAL("W")); /* its content does not fit its checksum */
	check_log(&image, "/obsolete", PARTIAL, 3, "valid");
	recipe_patch(&image, damaged + 36, SPAN_LITERAL("W")); /* nor its own fields theirs */
	CHECK_EQUAL(opened_open(&opened, &unpacker_jffs2, buffer_span(&image)), PARTIAL);
	CHECK_EQUAL(opened_read(&opened, opened_find(&opened, "/obsolete"), &got), DONE);
	CHECK_TEXT(got, "valid");
	opened_close(&opened);
	buffer_done(&image);
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

TESTS(newest_node_of_a_file_holds_wherever_it_lies, newest_name_holds_and_one_that_was_taken_away_is_gone,
      truncation_node_cuts_what_is_older_alone, tells_obsolete_damaged_and_lost_nodes_apart, reads_little_endian,
      reads_big_endian, reads_all_compressors, reads_an_image_with_summaries, ends_where_its_nodes_do,
      reads_real_images)
