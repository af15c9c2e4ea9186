#include "unpack/manifest.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

TEST(reads_an_application)
{
	struct manifest_volume image;
	const char *path = harness_corpus("esp32s3-linux/network_adapter.bin");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_esp_image, &image));
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size);
	CHECK_TEXT(image.opened.volume.extent.label, "network_adapter release/ng-v1.0.2-64-gf8cd31c-d");
	CHECK_TEXT(image.opened.volume.extent.detail,
		   "ESP32-S3, 6 segments, SHA-256 holds, ESP-IDF aadedca5-dirty");
	CHECK_EQUAL(image.opened.listing.count, 6);
	opened_exercise_damaged(&unpacker_esp_image, span_slice(image.view.bytes, 0, 90000), 20, 30);
	manifest_close(&image);
}

TEST(reads_an_esp8266_image)
{
	struct opened opened;
	struct buffer image = recipe_new();
	uint8_t sum = 0xEF;
	recipe_bytes(&image, SPAN_LITERAL("\xE9\x01\x02\x40"));
	recipe_le32(&image, 0x40100004);
	recipe_le32(&image, 0x40100000);
	recipe_le32(&image, 256);
	recipe_noise(&image, 256);
	for (size_t i = 16; i < image.size; i++)
		sum ^= image.data[i];
	recipe_fill(&image, 287, 0);
	recipe_bytes(&image, span_of(&sum, 1));
	recipe_text(&image, "behind");
	CHECK_EQUAL(opened_open(&opened, &unpacker_esp_image, buffer_span(&image)), DONE);
	CHECK_EQUAL(opened.volume.extent.size, 288);
	CHECK_TEXT(opened.volume.extent.detail, "ESP8266, 1 segments, checksum holds");
	opened_close(&opened);
	image.data[100] ^= 1;
	CHECK_EQUAL(opened_open(&opened, &unpacker_esp_image, buffer_span(&image)), NOT_THIS);
	opened_close(&opened);
	buffer_done(&image);
}

TEST(reads_a_partition_table)
{
	struct manifest_volume image;
	const char *path = harness_corpus("esp32s3-linux/partition-table.bin");
	if (!path)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(path, &unpacker_esp_partitions, &image));
	CHECK_TEXT(image.opened.volume.extent.detail,
		   "6 partitions: nvs phy_init factory etc linux rootfs, MD5 holds");
	CHECK_EQUAL(image.opened.volume.extent.size, 0xE0);
	opened_exercise_damaged(&unpacker_esp_partitions, image.view.bytes, 20, 100);
	manifest_close(&image);
}

TESTS(reads_an_application, reads_an_esp8266_image, reads_a_partition_table)
