#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

/* Two volumes, as ubinize makes them: a dynamic and a static one. */
static bool make_ubi(void)
{
	return manifest_shell("command -v ubinize > which.txt || exit 1; seq 1 60000 > one.bin && seq 1 9000 "
			      "> two.bin && "
			      "printf "
			      "'[a]\\nmode=ubi\\nimage=one.bin\\nvol_id=0\\nvol_size=1MiB\\nvol_type=dynamic\\n"
			      "vol_name=rootfs\\n[b]\\nmode=ubi\\nimage=two.bin\\nvol_id=5\\nvol_size=256KiB\\n"
			      "vol_type=static\\nvol_name=settings\\n' > ubi.ini && "
			      "ubinize -p 128KiB -m 2048 -o ubi.img ubi.ini");
}

static void check_volumes(const char *path)
{
	struct manifest_volume image;
	struct file_view one, two;
	struct span content;
	REQUIRE(file_view_open(manifest_path("one.bin"), SIZE_MAX, &one));
	REQUIRE(file_view_open(manifest_path("two.bin"), SIZE_MAX, &two));
	REQUIRE(manifest_open(manifest_path(path), &unpacker_ubi, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	REQUIRE(image.opened.listing.count == 2);
	const struct entry *root = opened_find(&image.opened, "rootfs");
	const struct entry *settings = opened_find(&image.opened, "settings");
	REQUIRE(root && settings);
	CHECK_EQUAL(opened_read(&image.opened, root, &content), DONE);
	CHECK(span_starts(content, one.bytes));
	CHECK_EQUAL(content.size, root->size);
	CHECK_EQUAL(opened_read(&image.opened, settings, &content), DONE);
	CHECK(span_equal(content, two.bytes));
	CHECK_EQUAL(content.size, settings->size);
	CHECK_EQUAL(image.opened.notes.count, 0);
	manifest_close(&image);
	file_view_close(&one);
	file_view_close(&two);
}

TEST(reads_what_ubinize_makes)
{
	struct manifest_volume image;
	if (!make_ubi())
		SKIP("ubinize is not here");
	check_volumes("ubi.img");
	REQUIRE(manifest_open(manifest_path("ubi.img"), &unpacker_ubi, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	opened_exercise_damaged(&unpacker_ubi, image.view.bytes, 30, 100);
	manifest_close(&image);
}

/* In flash, blocks lie anywhere, with erased ones between them. */
TEST(reads_blocks_in_any_order)
{
	if (!make_ubi())
		SKIP("ubinize is not here");
	REQUIRE(manifest_shell("head -c 131072 /dev/zero | tr '\\0' '\\377' > erased && n=$(($(stat -c %%s "
			       "ubi.img) / 131072)) && "
			       "for i in $(seq $((n - 1)) -1 0); do dd if=ubi.img bs=131072 skip=$i count=1 "
			       "status=none; "
			       "[ $((i %% 3)) = 0 ] && cat erased; done > mixed.img; printf 'other "
			       "partition' >> mixed.img"));
	check_volumes("mixed.img");
}

/* A raw dump: 64 spare bytes behind each page of 2048, of noise that is never a whole header. */
TEST(reads_a_dump_with_spare_bytes)
{
	struct manifest_volume image;
	struct opened opened;
	struct span pages;
	if (!make_ubi())
		SKIP("ubinize is not here");
	REQUIRE(manifest_open(manifest_path("ubi.img"), &unpacker_ubi, &image));
	struct buffer dump = recipe_new();
	struct span flash = image.view.bytes;
	for (uint64_t at = 0; at < flash.size; at += 2048) {
		recipe_bytes(&dump, span_slice(flash, at, 2048));
		recipe_noise(&dump, 64);
	}
	recipe_text(&dump, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_nand_spare, buffer_span(&dump)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, dump.size - 6);
	CHECK_TEXT(opened.volume.extent.detail, "pages of 2048 bytes, each with 64 spare bytes");
	REQUIRE(opened.listing.count == 1);
	CHECK_EQUAL(opened_read(&opened, &opened.listing.entries[0], &pages), DONE);
	CHECK(span_equal(pages, flash));
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_nand_spare, buffer_span(&dump), 20, 60);
	CHECK_EQUAL(opened_open(&opened, &unpacker_nand_spare, flash), NOT_THIS);
	opened_close(&opened);
	buffer_done(&dump);
	manifest_close(&image);
}

enum { BLOCK = 4096, VOLUME_HEADER = 64, DATA = 128, DYNAMIC = 1, STATIC = 2 };

/* The checksum of UBI is CRC-32 without the last complement. */
static uint32_t ubi_checksum(struct span bytes)
{
	return ~digest_crc32(0, bytes);
}

/* What the header of a block says; the checksum is that of its text, or wrong. */
struct block_recipe {
	uint32_t number;
	uint64_t sequence;
	const char *text;
	uint8_t kind;
	bool copied, wrong;
	uint32_t used; /* blocks of a static volume */
};

static void add_block(struct buffer *image, const struct block_recipe *block)
{
	size_t start = image->size;
	uint32_t size = (uint32_t)strlen(block->text);
	const uint8_t kind[] = { 1, block->kind, block->copied, 0 };
	recipe_text(image, "UBI#");
	for (int i = 0; i < 3; i++)
		recipe_be32(image, i == 0 ? 1u << 24 : 0);
	recipe_be32(image, VOLUME_HEADER);
	recipe_be32(image, DATA);
	recipe_fill(image, start + 60, 0);
	recipe_be32(image, ubi_checksum(span_from(buffer_span(image), start)));
	recipe_text(image, "UBI!");
	recipe_bytes(image, span_of(kind, sizeof kind));
	const uint32_t fields[] = { 0 /* the volume */, block->number, 0, size, block->used, 0 };
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		recipe_be32(image, fields[i]);
	recipe_be32(image, ubi_checksum(span_of_text(block->text)) ^ block->wrong);
	recipe_be32(image, 0);
	recipe_be32(image, (uint32_t)(block->sequence >> 32));
	recipe_be32(image, (uint32_t)block->sequence);
	recipe_fill(image, start + VOLUME_HEADER + 60, 0);
	recipe_be32(image, ubi_checksum(span_from(buffer_span(image), start + VOLUME_HEADER)));
	recipe_text(image, block->text);
	recipe_fill(image, start + BLOCK, 0xff);
}

/* The volume that those blocks make: how it is read, and where each of its blocks begins with which text. */
static void check_blocks(const struct block_recipe *blocks, size_t count, enum outcome outcome, const char *const *texts)
{
	struct buffer image = recipe_new();
	struct opened opened;
	struct span content;
	for (size_t i = 0; i < count; i++)
		add_block(&image, &blocks[i]);
	CHECK_EQUAL(opened_open(&opened, &unpacker_ubi, buffer_span(&image)), PARTIAL); /* without a table of its volumes */
	REQUIRE(opened.listing.count == 1 && opened.notes.count == 1);
	CHECK_EQUAL(opened.notes.first->missing, MISSING_STRUCTURE);
	CHECK_EQUAL(opened_read(&opened, opened.listing.entries, &content), outcome);
	for (size_t i = 0, at = 0; texts[i]; at += blocks->kind == STATIC ? strlen(texts[i]) : BLOCK - DATA, i++)
		CHECK(span_has_at(content, at, span_of_text(texts[i])));
	opened_close(&opened);
	buffer_done(&image);
}
#define CHECK_BLOCKS(blocks, outcome, ...) \
	check_blocks(blocks, sizeof(blocks) / sizeof *(blocks), outcome, (const char *const[]){ __VA_ARGS__, NULL })

TEST(newest_sequence_of_a_block_holds_wherever_it_lies)
{
	const struct block_recipe last[] = { { 0, 5, "older", .kind = DYNAMIC }, { 0, 9, "newer", .kind = DYNAMIC } };
	const struct block_recipe first[] = { { 0, 9, "newer", .kind = DYNAMIC }, { 0, 5, "older", .kind = DYNAMIC } };
	const struct block_recipe high[] = { { 0, 5, "older", .kind = DYNAMIC },
					     { 0, UINT64_C(1) << 32 | 1, "newer", .kind = DYNAMIC } };
	CHECK_BLOCKS(last, DONE, "newer");
	CHECK_BLOCKS(first, DONE, "newer");
	CHECK_BLOCKS(high, DONE, "newer");
}

/* Wear levelling copies a block with a higher sequence; until the copy is whole, the old one holds. */
TEST(copy_holds_only_when_it_was_finished)
{
	const struct block_recipe finished[] = { { 0, 5, "origin", .kind = DYNAMIC }, { 0, 9, "copied", DYNAMIC, .copied = true } };
	const struct block_recipe cut_off[] = { { 0, 5, "origin", .kind = DYNAMIC },
						{ 0, 9, "copied", DYNAMIC, .copied = true, .wrong = true } };
	const struct block_recipe written[] = { { 0, 5, "origin", .kind = DYNAMIC }, { 0, 9, "rewritten", DYNAMIC, .wrong = true } };
	CHECK_BLOCKS(finished, DONE, "copied");
	CHECK_BLOCKS(cut_off, DONE, "origin");
	CHECK_BLOCKS(written, DONE, "rewritten"); /* what is no copy has no checksum that counts */
}

TEST(lost_block_of_a_static_volume_is_told_and_of_a_dynamic_one_is_erased_flash)
{
	const struct block_recipe whole[] = { { 0, 1, "one", STATIC, .used = 2 }, { 1, 2, "two", STATIC, .used = 2 } };
	const struct block_recipe middle[] = { { 0, 1, "one", STATIC, .used = 3 }, { 0, 0, "old", STATIC, .used = 3 },
					       { 2, 2, "three", STATIC, .used = 3 } };
	const struct block_recipe end[] = { { 0, 1, "one", STATIC, .used = 3 }, { 1, 2, "two", STATIC, .used = 3 } };
	const struct block_recipe dynamic[] = { { 0, 1, "one", .kind = DYNAMIC }, { 0, 0, "old", .kind = DYNAMIC },
						{ 2, 2, "three", .kind = DYNAMIC } };
	const struct block_recipe beyond[] = { { 0, 1, "one", .kind = DYNAMIC }, { 7, 2, "eight", .kind = DYNAMIC } };
	const struct block_recipe damaged[] = { { 0, 1, "one", STATIC, .used = 2 },
						{ 1, 2, "two", STATIC, .wrong = true, .used = 2 } };
	CHECK_BLOCKS(whole, DONE, "one", "two");
	CHECK_BLOCKS(damaged, PARTIAL, "one", "two");
	CHECK_BLOCKS(middle, PARTIAL, "one");
	CHECK_BLOCKS(end, PARTIAL, "one", "two");
	CHECK_BLOCKS(dynamic, DONE, "one", "\xff\xff\xff\xff", "three");
	CHECK_BLOCKS(beyond, PARTIAL, "one"); /* more than there is room for: it was left out */
}

TEST(reads_the_corpus)
{
	struct manifest_volume image;
	struct span content;
	const char *path = harness_corpus("fmt-ubifs/ubi.img");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_ubi, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	REQUIRE(image.opened.listing.count == 1);
	CHECK_EQUAL(opened_read(&image.opened, image.opened.listing.entries, &content), DONE);
	/* A UBIFS superblock node. */
	CHECK(span_starts(content, SPAN_LITERAL("\x31\x18\x10\x06")));
	manifest_close(&image);
}

TESTS(newest_sequence_of_a_block_holds_wherever_it_lies, copy_holds_only_when_it_was_finished,
      lost_block_of_a_static_volume_is_told_and_of_a_dynamic_one_is_erased_flash, reads_what_ubinize_makes,
      reads_blocks_in_any_order, reads_a_dump_with_spare_bytes, reads_the_corpus)
