#include "unpack/opened.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

/* The sum as the boot loader takes it, in 64 bits so that nothing wraps. */
static uint32_t chk_sum(struct span bytes)
{
	uint64_t first = 0, second = 0;
	for (size_t i = 0; i < bytes.size; i++) {
		first += span_byte(bytes, i);
		second += first;
	}
	first = (first & 0xFFFF) + (first >> 16);
	first = ((first >> 16) + first) & 0xFFFF;
	second = (second & 0xFFFF) + (second >> 16);
	second = ((second >> 16) + second) & 0xFFFF;
	return (uint32_t)(second << 16 | first);
}

static struct buffer make_chk(void)
{
	struct buffer image = recipe_new();
	recipe_text(&image, "*#$^");
	recipe_be32(&image, 58);
	recipe_bytes(&image, span_of("\x01\x01\x00\x00\x1a\x01\x00\x00", 8));
	recipe_be32(&image, 0);
	recipe_be32(&image, 0);
	recipe_be32(&image, 1000);
	recipe_be32(&image, 500);
	recipe_be32(&image, 0);
	recipe_be32(&image, 0);
	recipe_text(&image, "U12H064T00_NETGEAR");
	uint32_t sum = chk_sum(buffer_span(&image));
	uint8_t big[] = { (uint8_t)(sum >> 24), (uint8_t)(sum >> 16), (uint8_t)(sum >> 8), (uint8_t)sum };
	recipe_patch(&image, 36, span_of(big, 4));
	recipe_noise(&image, 1500 + 44);
	return image;
}

TEST(reads_chk)
{
	struct opened opened;
	struct buffer image = make_chk();
	CHECK_EQUAL(opened_open(&opened, &unpacker_netgear_chk, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 58 + 1500);
	CHECK_TEXT(opened.volume.extent.label, "U12H064T00_NETGEAR");
	CHECK_TEXT(opened.volume.extent.detail, "board U12H064T00_NETGEAR, version 1.0.0.26, region 1");
	const struct entry *root = opened_find(&opened, "rootfs");
	CHECK(root && root->offset == 1058 && root->size == 500);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_netgear_chk, buffer_span(&image), 50, 200);
	image.data[41] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_netgear_chk, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_text_header)
{
	struct opened opened;
	struct buffer image = recipe_new();
	uint8_t sum = 0;
	recipe_text(&image, "device:R1\nversion:V1.0.2\nregion:NA\nhd_id:29764\n");
	recipe_fill(&image, 128, 0);
	recipe_noise(&image, 1000);
	for (size_t i = 0; i < image.size; i++)
		sum = (uint8_t)(sum + image.data[i]);
	sum = (uint8_t)(0xFF - sum);
	recipe_bytes(&image, span_of(&sum, 1));
	CHECK_EQUAL(opened_open(&opened, &unpacker_netgear_dni, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, image.size);
	CHECK_TEXT(opened.volume.extent.label, "R1 V1.0.2");
	CHECK_TEXT(opened.volume.extent.detail, "device R1, version V1.0.2, region NA, hardware 29764");
	REQUIRE(opened.listing.count == 1);
	CHECK_EQUAL(opened.listing.entries->size, 1000);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_netgear_dni, buffer_span(&image), 50, 200);
	buffer_done(&image);
}

TEST(refuses_a_text_that_starts_alike)
{
	struct opened opened;
	struct buffer image = recipe_new();
	recipe_text(&image, "device:one\nversion:two\n");
	recipe_fill(&image, 500, 'x');
	CHECK_EQUAL(opened_open(&opened, &unpacker_netgear_dni, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TESTS(reads_chk, reads_a_text_header, refuses_a_text_that_starts_alike)
