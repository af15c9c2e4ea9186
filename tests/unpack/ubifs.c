#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"
#include "unpack/ubifs.h"

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

enum { BLOCK = 4096, BLOCKS = 8, FILE_MODE = 0100644, FILE_INODE = 70, KEY_TYPE = 29, MASTER_SIZE = 512 };

/* The header of a node of that size, and its fields, four bytes each; the rest is zeros. end_node() seals it. */
static void add_node(struct buffer *image, size_t at, enum ubifs_type type, size_t size, const uint32_t *fields, size_t count)
{
	recipe_fill(image, at, 0xff);
	const uint32_t header[] = { 0x06101831, 0, 0, 0, (uint32_t)size, type };
	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		recipe_le32(image, header[i]);
	for (size_t i = 0; i < count; i++)
		recipe_le32(image, fields[i]);
	recipe_fill(image, at + size, 0);
	recipe_patch_le32(image, at + 4, ~digest_crc32(0, span_from(buffer_span(image), at + 8)));
}
#define ADD_NODE(image, at, type, size, ...) \
	add_node(image, at, type, size, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void add_super(struct buffer *image)
{
	ADD_NODE(image, 0, UBIFS_SUPER, 128, 0, 0, 0, BLOCK, BLOCKS);
}

/* A master node at a place, of that commit, whose index begins at another place. */
static void add_master(struct buffer *image, size_t at, uint64_t commit, uint32_t index)
{
	ADD_NODE(image, at, UBIFS_MASTER, MASTER_SIZE, 0, 0, (uint32_t)commit, (uint32_t)(commit >> 32), 0, 0, index / BLOCK,
		 index % BLOCK);
}

/* A child of an index node: where it lies, and its key. */
#define BRANCH(at, inode, type, value) (at) / BLOCK, (at) % BLOCK, 0, (inode), (uint32_t)(type) << KEY_TYPE | (value)

static void add_inode(struct buffer *image, size_t at, uint32_t size)
{
	ADD_NODE(image, at, UBIFS_INODE, 160, 0, 0, 0, 0, 0, 0, size, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, FILE_MODE);
}

static void add_name(struct buffer *image, size_t at, const char *name)
{
	uint32_t text = 0;
	memcpy(&text, name, strlen(name)); /* at most four letters */
	ADD_NODE(image, at, UBIFS_DIRENT, 64, 0, 0, 0, 0, FILE_INODE, 0, (uint32_t)strlen(name) << 16, 0, text);
}

static void add_piece(struct buffer *image, size_t at, char letter)
{
	uint32_t four = (uint32_t)letter * 0x01010101;
	ADD_NODE(image, at, UBIFS_DATA, 52, 0, 0, 0, 0, 4, 0, four);
}

/* A file system whose root holds one file of that name: its index begins at `at`. */
static void add_tree(struct buffer *image, size_t at, const char *name)
{
	uint32_t from = (uint32_t)at;
	ADD_NODE(image, at, UBIFS_INDEX, 128, 3, BRANCH(from + 128, 1, UBIFS_DIRENT, 1),
		 BRANCH(from + 192, FILE_INODE, UBIFS_INODE, 0), BRANCH(from + 352, FILE_INODE, UBIFS_DATA, 0));
	add_name(image, at + 128, name);
	add_inode(image, at + 192, 4);
	add_piece(image, at + 352, name[0]);
}

enum { OLD_TREE = 3 * BLOCK, NEW_TREE = 4 * BLOCK };

/* Two trees, and the masters that were written: the name of the one file that is seen. */
struct masters {
	uint64_t first[2], second[2]; /* commits of the nodes in both blocks, 0 for none; even ones are of the old tree */
};

static void check_masters(const struct masters *masters, const char *name)
{
	struct buffer image = recipe_new();
	struct opened opened;
	add_super(&image);
	for (size_t i = 0; i < 4; i++) {
		uint64_t commit = i < 2 ? masters->first[i] : masters->second[i - 2];
		uint32_t tree = commit % 2 ? NEW_TREE : OLD_TREE;
		if (commit)
			add_master(&image, BLOCK * (1 + i / 2) + MASTER_SIZE * (i % 2), commit, tree);
	}
	add_tree(&image, OLD_TREE, "old");
	add_tree(&image, NEW_TREE, "new");
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubifs, buffer_span(&image)), DONE);
	REQUIRE(opened.listing.count == 1);
	CHECK_TEXT(span_basename(opened.listing.entries[0].path), name);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(last_commit_holds_whichever_master_has_it)
{
	check_masters(&(struct masters){ { 2, 3 }, { 2, 3 } }, "new");
	check_masters(&(struct masters){ { 3, 4 }, { 3, 4 } }, "old");
	check_masters(&(struct masters){ { 0, 0 }, { 2, 3 } }, "new");
	check_masters(&(struct masters){ { 2, 3 }, { 2, 0 } }, "new"); /* the copy was not written yet */
	check_masters(&(struct masters){ { 2, 0 }, { 2, 3 } }, "new"); /* the last one of the first block is damaged */
	check_masters(&(struct masters){ { 2, (UINT64_C(1) << 32) + 1 }, { 2, 2 } }, "new");
}

/* A file of four blocks, the second a hole, its index in two leaves below a root. */
static struct buffer file_of_blocks(void)
{
	enum { ROOT = 3 * BLOCK, LEAF = ROOT + 128, NEXT = LEAF + 128, NODES = ROOT + 1024, PIECES = NODES + 512 };
	struct buffer image = recipe_new();
	add_super(&image);
	add_master(&image, BLOCK, 1, ROOT);
	ADD_NODE(&image, ROOT, UBIFS_INDEX, 128, 2 | 1 << 16, BRANCH(LEAF, 1, UBIFS_DIRENT, 1),
		 BRANCH(NEXT, FILE_INODE, UBIFS_DATA, 2));
	ADD_NODE(&image, LEAF, UBIFS_INDEX, 128, 3, BRANCH(NODES, 1, UBIFS_DIRENT, 1),
		 BRANCH(NODES + 64, FILE_INODE, UBIFS_INODE, 0), BRANCH(PIECES, FILE_INODE, UBIFS_DATA, 0));
	ADD_NODE(&image, NEXT, UBIFS_INDEX, 128, 2, BRANCH(PIECES + 64, FILE_INODE, UBIFS_DATA, 2),
		 BRANCH(PIECES + 128, FILE_INODE, UBIFS_DATA, 3));
	add_name(&image, NODES, "f");
	add_inode(&image, NODES + 64, 3 * UBIFS_BLOCK_SIZE + 4);
	add_piece(&image, PIECES, 'a');
	add_piece(&image, PIECES + 64, 'c');
	add_piece(&image, PIECES + 128, 'd');
	return image;
}

/* Reads the file with one byte of the image changed; the place 0 changes none. */
static void check_file(size_t place, enum outcome listed, enum outcome outcome, const char *letters)
{
	struct buffer image = file_of_blocks();
	struct opened opened;
	struct span content;
	if (place)
		recipe_patch(&image, place, SPAN_LITERAL("!"));
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubifs, buffer_span(&image)), listed);
	const struct entry *file = opened_find(&opened, "/f");
	REQUIRE(file);
	CHECK_EQUAL(opened_read(&opened, file, &content), outcome);
	CHECK_EQUAL(content.size, 3 * UBIFS_BLOCK_SIZE + 4);
	for (uint64_t i = 0; i < 4; i++)
		CHECK_EQUAL(span_byte(content, i * UBIFS_BLOCK_SIZE), letters[i] == '-' ? 0 : letters[i]);
	opened_close(&opened);
	buffer_done(&image);
}

/* A block that nobody wrote is a hole; one whose node cannot be read is lost, and so is what a lost leaf names. */
TEST(file_with_a_lost_block_is_partial_and_one_with_a_hole_is_not)
{
	enum { ROOT = 3 * BLOCK, NEXT = ROOT + 256, PIECES = ROOT + 1024 + 512 };
	check_file(0, DONE, DONE, "a-cd");
	check_file(PIECES + 48, PARTIAL, PARTIAL, "--cd");
	check_file(PIECES + 64 + 48, PARTIAL, PARTIAL, "a--d");
	check_file(PIECES + 128 + 48, PARTIAL, PARTIAL, "a-c-");
	check_file(NEXT + 24, PARTIAL, PARTIAL, "a---");
}

/* What is lost of one file is not held against another. */
TEST(file_beside_a_lost_one_is_whole)
{
	enum { ROOT = 3 * BLOCK, NODES = ROOT + 256, OTHER = FILE_INODE + 1 };
	struct buffer image = recipe_new();
	struct opened opened;
	struct span content;
	add_super(&image);
	add_master(&image, BLOCK, 1, ROOT);
	ADD_NODE(&image, ROOT, UBIFS_INDEX, 256, 5, BRANCH(NODES, 1, UBIFS_DIRENT, 1),
		 BRANCH(NODES + 64, FILE_INODE, UBIFS_INODE, 0), BRANCH(NODES + 256, FILE_INODE, UBIFS_DATA, 0),
		 BRANCH(NODES + 320, FILE_INODE - 1, UBIFS_DATA, 0), BRANCH(NODES + 320, OTHER, UBIFS_DATA, 0));
	add_name(&image, NODES, "f");
	add_inode(&image, NODES + 64, 4);
	add_piece(&image, NODES + 256, 'a');
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubifs, buffer_span(&image)), PARTIAL);
	const struct entry *file = opened_find(&opened, "/f");
	REQUIRE(file);
	CHECK_EQUAL(opened_read(&opened, file, &content), DONE);
	CHECK_TEXT(content, "aaaa");
	opened_close(&opened);
	buffer_done(&image);
}

TESTS(last_commit_holds_whichever_master_has_it, file_with_a_lost_block_is_partial_and_one_with_a_hole_is_not,
      file_beside_a_lost_one_is_whole, reads_lzo, reads_zlib, reads_zstd, reads_plain)
