#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

enum { SECTOR = 512 };

static void add_mbr_entry(struct buffer *image, uint8_t type, uint32_t start, uint32_t count)
{
	uint8_t entry[8] = { 0x00, 0xFE, 0xFF, 0xFF, type, 0xFE, 0xFF, 0xFF };
	recipe_bytes(image, span_of(entry, sizeof entry));
	recipe_le32(image, start);
	recipe_le32(image, count);
}

static void add_gpt_entry(struct buffer *image, const char *name, uint32_t first, uint32_t last)
{
	size_t end = image->size + 128;
	recipe_noise(image, 32); /* type and identity */
	recipe_le32(image, first);
	recipe_le32(image, 0);
	recipe_le32(image, last);
	recipe_le32(image, 0);
	recipe_fill(image, end - 72, 0);
	for (; *name; name++) {
		uint8_t unit[] = { (uint8_t)*name, 0 };
		recipe_bytes(image, span_of(unit, 2));
	}
	recipe_fill(image, end, 0);
}

static struct buffer make_mbr(uint8_t type)
{
	struct buffer image = recipe_new();
	recipe_noise(&image, 446);
	add_mbr_entry(&image, type, 8, 4);
	add_mbr_entry(&image, 0x0C, 16, 8);
	recipe_fill(&image, 510, 0);
	recipe_bytes(&image, SPAN_LITERAL("\x55\xAA"));
	recipe_fill(&image, 24 * SECTOR, 0);
	recipe_patch(&image, 8 * SECTOR, SPAN_LITERAL("first words"));
	recipe_patch(&image, 16 * SECTOR, SPAN_LITERAL("second words"));
	return image;
}

static struct buffer make_gpt(void)
{
	struct buffer image = recipe_new();
	recipe_fill(&image, 446, 0);
	add_mbr_entry(&image, 0xEE, 1, 23);
	recipe_fill(&image, 510, 0);
	recipe_bytes(&image, SPAN_LITERAL("\x55\xAA" "EFI PART\0\0\1\0"));
	recipe_le32(&image, 92);
	recipe_fill(&image, SECTOR + 24, 0);
	recipe_le32(&image, 1);
	recipe_le32(&image, 0);
	recipe_le32(&image, 23); /* the second header */
	recipe_fill(&image, SECTOR + 72, 0);
	recipe_le32(&image, 2);
	recipe_le32(&image, 0);
	recipe_le32(&image, 4);
	recipe_le32(&image, 128);
	recipe_fill(&image, 2 * SECTOR, 0);
	add_gpt_entry(&image, "kernel", 8, 11);
	add_gpt_entry(&image, "root fs", 16, 23);
	recipe_fill(&image, 24 * SECTOR, 0);
	recipe_patch_le32(&image, SECTOR + 16, digest_crc32(0, span_slice(buffer_span(&image), SECTOR, 92)));
	recipe_patch(&image, 8 * SECTOR, SPAN_LITERAL("first words"));
	recipe_patch(&image, 16 * SECTOR, SPAN_LITERAL("second words"));
	recipe_text(&image, "behind");
	return image;
}

static void check_part(struct opened *opened, const char *name, uint64_t offset, uint64_t size,
		       const char *words)
{
	const struct entry *entry = opened_find(opened, name);
	struct span content;
	REQUIRE(entry != NULL);
	CHECK_EQUAL(entry->offset, offset);
	CHECK_EQUAL(entry->size, size);
	CHECK_EQUAL(opened_read(opened, entry, &content), DONE);
	CHECK(span_starts_text(content, words));
}

TEST(reads_gpt)
{
	struct opened opened;
	struct buffer image = make_gpt();
	CHECK_EQUAL(opened_open(&opened, &unpacker_gpt, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 24 * SECTOR);
	CHECK_EQUAL(opened.listing.count, 2);
	check_part(&opened, "kernel", 8 * SECTOR, 4 * SECTOR, "first words");
	check_part(&opened, "root?fs", 16 * SECTOR, 8 * SECTOR, "second words");
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_gpt, buffer_span(&image), 40, 300);
	/* What protects it from old programs is no table of its own. */
	CHECK_EQUAL(opened_open(&opened, &unpacker_mbr, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	image.data[SECTOR + 40] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_gpt, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_mbr)
{
	struct opened opened;
	struct buffer image = make_mbr(0x83);
	CHECK_EQUAL(opened_open(&opened, &unpacker_mbr, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.listing.count, 2);
	check_part(&opened, "partition-1", 8 * SECTOR, 4 * SECTOR, "first words");
	check_part(&opened, "partition-2", 16 * SECTOR, 8 * SECTOR, "second words");
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_mbr, buffer_span(&image), 40, 300);
	buffer_done(&image);
}

TEST(reads_the_corpus)
{
	struct manifest_volume image;
	const char *path = harness_corpus("fmt-fact/generic_fs/test/data/mbr.img.xz");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_shell("xz -dc '%s' > mbr.img", path));
	REQUIRE(manifest_open(manifest_path("mbr.img"), &unpacker_mbr, &image));
	CHECK_EQUAL(image.opened.listing.count, 4);
	const struct entry *second = opened_find(&image.opened, "partition-2");
	CHECK(second && second->offset == 0x300000 && second->size == 0x300000);
	manifest_close(&image);
}

TEST(refuses_a_boot_sector_that_is_no_table)
{
	uint8_t sector[4096];
	struct opened opened;
	for (size_t i = 0; i < sizeof sector; i++)
		sector[i] = (uint8_t)(i * 7 + 3);
	sector[510] = 0x55;
	sector[511] = 0xAA;
	CHECK_EQUAL(opened_open(&opened, &unpacker_mbr, span_of(sector, sizeof sector)), NOT_THIS);
	opened_close(&opened);
}

TESTS(reads_gpt, reads_mbr, reads_the_corpus, refuses_a_boot_sector_that_is_no_table)
