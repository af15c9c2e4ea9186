/*
 * Records of hexadecimal digits: parts by address, checksums, what is missing.
 * objcopy reads the same in tests/engine/hex_records.py.
 */
#include "unpack/opened.h"
#include "unpack/recipe.h"
#include "unpack/registry.h"

/* One record: the bytes as digits, and their checksum. */
static void add_bytes(struct buffer *text, const char *mark, const uint8_t *bytes, size_t size, bool intel)
{
	char digits[3];
	uint8_t sum = 0;
	recipe_text(text, mark);
	for (size_t i = 0; i <= size; i++) {
		uint8_t byte = i < size ? bytes[i] : intel ? (uint8_t)-sum : (uint8_t)~sum;
		sum = (uint8_t)(sum + byte);
		(void)snprintf(digits, sizeof digits, "%02X", byte);
		recipe_text(text, digits);
	}
	recipe_text(text, "\r\n");
}

static void add_intel(struct buffer *text, uint8_t type, uint16_t address, const char *data, size_t size)
{
	uint8_t bytes[64] = { (uint8_t)size, (uint8_t)(address >> 8), (uint8_t)address, type };
	memcpy(bytes + 4, data, size);
	add_bytes(text, ":", bytes, size + 4, true);
}

static void add_motorola(struct buffer *text, char type, size_t address_size, uint32_t address, const char *data)
{
	char mark[] = { 'S', type, 0 };
	uint8_t bytes[64] = { (uint8_t)(address_size + strlen(data) + 1) };
	for (size_t i = 0; i < address_size; i++)
		bytes[1 + i] = (uint8_t)(address >> 8 * (address_size - 1 - i));
	memcpy(bytes + 1 + address_size, data, strlen(data));
	add_bytes(text, mark, bytes, 1 + address_size + strlen(data), false);
}

/* Opens a text, whose outcome is as wanted. */
static void open_text(struct opened *opened, const struct buffer *text, enum outcome wanted)
{
	CHECK_EQUAL(opened_open(opened, &unpacker_hex_records, buffer_span(text)), wanted);
}

static void holds(struct opened *opened, const char *path, const char *content)
{
	struct span bytes = SPAN_NONE;
	const struct entry *entry = opened_find(opened, path);
	CHECK(entry != NULL);
	if (!entry)
		return;
	CHECK_EQUAL(opened_read(opened, entry, &bytes), DONE);
	CHECK_TEXT(bytes, content);
	CHECK_EQUAL(entry->size, bytes.size);
}

/* The note of that code is a row of what is missing. */
static bool missing(const struct opened *opened, const char *code)
{
	for (const struct note *note = opened->notes.first; note; note = note->next)
		if (note->missing != MISSING_NOTHING && span_equal_text(note->code, code))
			return true;
	return false;
}

/* Two records that follow each other, across a border of 64 KiB, and one far away. */
static struct buffer intel_text(void)
{
	struct buffer text = recipe_new();
	add_intel(&text, 4, 0, "\x08\x00", 2);
	add_intel(&text, 0, 0xfffd, "abc", 3);
	add_intel(&text, 4, 0, "\x08\x01", 2);
	add_intel(&text, 0, 0, "def", 3);
	add_intel(&text, 4, 0, "\xff\xff", 2);
	add_intel(&text, 0, 0xffff, "!", 1);
	return text;
}

TEST(reads_intel_records)
{
	struct opened opened;
	struct buffer text = intel_text();
	add_intel(&text, 5, 0, "\x08\x00\x01\x00", 4);
	add_intel(&text, 1, 0, "", 0);
	size_t end = text.size;
	recipe_text(&text, "what follows");
	open_text(&opened, &text, DONE);
	CHECK_EQUAL(opened.volume.extent.size, end);
	CHECK_TEXT(opened.volume.extent.detail, "Intel, 2 parts");
	CHECK_EQUAL(opened.listing.count, 2); /* and not four gigabytes */
	holds(&opened, "0x0800fffd", "abcdef");
	holds(&opened, "0xffffffff", "!");
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_hex_records, buffer_span(&text), 60, 100);
	buffer_done(&text);
}

TEST(reads_intel_segments)
{
	struct opened opened;
	struct buffer text = recipe_new();
	add_intel(&text, 2, 0, "\x10\x00", 2);
	add_intel(&text, 0, 0x20, "ab", 2);
	add_intel(&text, 0, 0xffff, "cd", 2); /* would go on at the begin of its segment */
	add_intel(&text, 0, 0x22, "ef", 2);
	add_intel(&text, 1, 0, "", 0);
	open_text(&opened, &text, PARTIAL);
	holds(&opened, "0x00010020", "ab");
	holds(&opened, "0x00010022", "ef");
	CHECK(missing(&opened, "hex-records.unknown"));
	opened_close(&opened);
	buffer_done(&text);
}

TEST(reads_motorola_records)
{
	struct opened opened;
	struct buffer text = recipe_new();
	add_motorola(&text, '0', 2, 0, "HDR");
	add_motorola(&text, '1', 2, 0x1000, "abcd");
	add_motorola(&text, '2', 3, 0x1004, "ef");
	add_motorola(&text, '3', 4, 0x20000000, "ghi");
	size_t counted = text.size;
	add_motorola(&text, '5', 2, 3, "");
	add_motorola(&text, '7', 4, 0x1000, "");
	open_text(&opened, &text, DONE);
	CHECK_TEXT(opened.volume.extent.detail, "Motorola, 2 parts");
	holds(&opened, "0x00001000", "abcdef");
	holds(&opened, "0x20000000", "ghi");
	opened_close(&opened);
	opened_exercise_damaged(&unpacker_hex_records, buffer_span(&text), 60, 100);
	text.size = counted;
	add_motorola(&text, '5', 2, 4, ""); /* there were three */
	add_motorola(&text, '9', 2, 0, "");
	open_text(&opened, &text, PARTIAL);
	CHECK(missing(&opened, "hex-records.count"));
	opened_close(&opened);
	buffer_done(&text);
}

/* A record whose checksum does not hold is left out, told, and nothing is joined over it. */
TEST(tells_broken_records)
{
	struct opened opened;
	struct buffer text = recipe_new();
	add_intel(&text, 0, 0, "abcd", 4);
	size_t second = text.size;
	add_intel(&text, 0, 4, "efgh", 4);
	add_intel(&text, 0, 8, "ijkl", 4);
	add_intel(&text, 1, 0, "", 0);
	text.data[second + 10] ^= 1;
	open_text(&opened, &text, PARTIAL);
	CHECK_EQUAL(opened.listing.count, 2);
	holds(&opened, "0x00000000", "abcd");
	holds(&opened, "0x00000008", "ijkl");
	CHECK(missing(&opened, "hex-records.broken"));
	CHECK(!missing(&opened, "hex-records.cut"));
	opened_close(&opened);
	buffer_done(&text);
}

TEST(tells_where_the_end_is_missing)
{
	struct opened opened;
	struct buffer text = intel_text();
	open_text(&opened, &text, PARTIAL);
	CHECK(missing(&opened, "hex-records.cut"));
	CHECK(!missing(&opened, "hex-records.broken"));
	opened_close(&opened);
	text.size -= 4; /* in the middle of the last record */
	open_text(&opened, &text, PARTIAL);
	CHECK(missing(&opened, "hex-records.broken"));
	opened_close(&opened);
	buffer_done(&text);
}

TEST(refuses_other_texts)
{
	static const char *const texts[] = { ":10", ":00000001FF\n", "S1 is a name\nS1 is another\n", ":1 2 3\n:4 5 6\n",
					     ":0100000061FF\n:00000001FF\n" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct opened opened;
		CHECK_EQUAL(opened_open(&opened, &unpacker_hex_records, span_of_text(texts[i])), NOT_THIS);
		opened_close(&opened);
	}
}

TESTS(reads_intel_records, reads_intel_segments, reads_motorola_records, tells_broken_records,
      tells_where_the_end_is_missing, refuses_other_texts)
