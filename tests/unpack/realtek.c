#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

/* A section whose 16-bit words add up to zero. */
static void add_section(struct buffer *image, const char *signature, size_t size)
{
	recipe_text(image, signature);
	recipe_be32(image, 0x80500000);
	recipe_be32(image, 0x00020000);
	recipe_be32(image, (uint32_t)size + 2);
	size_t start = image->size;
	recipe_noise(image, size);
	uint32_t sum = 0;
	for (size_t i = start; i < image->size; i += 2)
		sum += (uint32_t)image->data[i] << 8 | image->data[i + 1];
	sum = 0x10000 - (sum & 0xFFFF);
	uint8_t last[] = { (uint8_t)(sum >> 8), (uint8_t)sum };
	recipe_bytes(image, span_of(last, 2));
}

TEST(reads_sections)
{
	struct opened opened;
	struct buffer image = recipe_new();
	add_section(&image, "cs6c", 3000);
	add_section(&image, "r6cr", 500);
	size_t end = image.size;
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_realtek, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, end);
	const struct entry *root = opened_find(&opened, "rootfs");
	CHECK(root && root->offset == 16 + 3002 + 16 && root->size == 500);
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_realtek, buffer_span(&image), 40, 200);
	image.data[100] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_realtek, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_hub)
{
	struct manifest_volume image;
	const char *path = harness_corpus("aqara-hub/original/M2/3.4.2_0008.0616/linux_3.4.2_0008.0616.bin");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_realtek, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK(opened_find(&image.opened, "kernel") != NULL);
	manifest_close(&image);
}

TESTS(reads_sections, reads_a_hub)
