#include "inspect/known.h"

#include "harness.h"

static uint64_t end_of(const char *bytes, size_t size, const char *name)
{
	struct known known;
	return known_content(span_of_text(name), span_of(bytes, size), &known) ? known.end : 0;
}
#define END(text, name) end_of(text, sizeof(text) - 1, name)

TEST(pictures_end_where_they_say)
{
	CHECK_EQUAL(END("\x89PNG\r\n\x1a\n\0\0\0\0IEND1234behind", "a.png"), 20);
	CHECK_EQUAL(END("\xff\xd8\xff\xda\0\2coded\xff\0\xff\xd3more\xff\xd9" "behind", "a.jpg"), 21);
	CHECK_EQUAL(END("GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2xy\0;behind", "a.gif"), 29);
	CHECK_EQUAL(END("RIFF\4\0\0\0WAVE" "behind", "a.wav"), 12);
	CHECK_EQUAL(END("OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\3abcbehind", "a.ogg"), 31);
	CHECK_EQUAL(END("\0\0\0\x10" "ftypisom\0\0\0\0" "\0\0\0\x0c" "mdat1234" "\x80\x80" "behind", "a.mp4"), 28);
	CHECK_EQUAL(END("BM\x10\0\0\0\0\0\0\0abcdefbehind", "a.bmp"), 16);
}

/* Firmware of wireless chips has no magic: its sizes, its date, its checksum must hold to the last byte. */
TEST(firmware_of_a_wireless_chip_holds_to_its_end)
{
	static const char sizes[] = "\4\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0" "201507311614____" "codedat";
	static const char trailer[] = "code and data" "sum!" "\x46\0\1\0X\0\0" "1.0\0\0\0\0\0\0\0" "20160107100755\0" "\x0d\0\0\0";
	CHECK_EQUAL(END(sizes, "mt7662.bin"), sizeof sizes - 1);
	CHECK_EQUAL(END(sizes, "mt7662.dat"), 0);
	CHECK_EQUAL(end_of(sizes, sizeof sizes - 2, "mt7662.bin"), 0);
	CHECK_EQUAL(end_of(sizes, sizeof sizes, "mt7662.bin"), 0);
	CHECK_EQUAL(END(trailer, "mt7603.bin"), sizeof trailer - 1);
	CHECK_EQUAL(end_of(trailer + 1, sizeof trailer - 2, "mt7603.bin"), 0);
	CHECK_EQUAL(END("code and dat" "sum!" "\x46\0\1\0X\0\0" "1.0\0\0\0\0\0\0\0" "2016010710075x\0" "\x0d\0\0\0", "x.bin"), 0);
	/* The checksum of 8190 zero bytes: an image of zeros does not hold it. */
	static char ralink[8192];
	CHECK_EQUAL(end_of(ralink, sizeof ralink, "rt2860.bin"), 0);
	ralink[sizeof ralink - 2] = (char)0xcc;
	ralink[sizeof ralink - 1] = (char)0x7e;
	CHECK_EQUAL(end_of(ralink, sizeof ralink, "rt2860.bin"), sizeof ralink);
	ralink[100] = 1;
	CHECK_EQUAL(end_of(ralink, sizeof ralink, "rt2860.bin"), 0);
}

TEST(an_end_mark_ends_with_the_erased_flash)
{
	CHECK_EQUAL(END("\xde\xad\xc0\xde\xff\xff\xff\xff\xde\xad\xc0\xde", "part"), 12);
	CHECK_EQUAL(END("\xde\xad\xc0\xde\0\0\0\0\xde\xad\xc0\xde", "part"), 12);
	CHECK_EQUAL(END("\xde\xad\xc0\xde\xff\xff\xff\xff" "behind", "part"), 8);
	CHECK_EQUAL(END("\xde\xad\xc0\xde" "behind", "part"), 4);
}

TEST(what_does_not_hold_is_not_known)
{
	CHECK_EQUAL(END("\x89PNG\r\n\x1a\n\0\0\1\0IDAT", "a.png"), 0);
	CHECK_EQUAL(END("\xff\xd8\xff\xe0\0\x10JFIF", "a.jpg"), 0);
	CHECK_EQUAL(END("GIF89a\1\0\1\0\0\0\0?", "a.gif"), 0);
	CHECK_EQUAL(END("RIFF\xff\xff\0\0WAVE", "a.wav"), 0);
	CHECK_EQUAL(END("MZ this is no program", "a.exe"), 0);
	CHECK_EQUAL(END("\x30\x82\xff\xff\x30", "a.der"), 0);
	CHECK_EQUAL(END("xx\r\n bytes", "a.bin"), 0);
	CHECK_EQUAL(END("xx\r\n bytes", "a.pyc"), 10);
}

TEST(certificates_end_with_their_sequence)
{
	CHECK_EQUAL(END("\x30\x82\0\5\x30\3abcbehind", "a.der"), 9);
	CHECK_EQUAL(END("\x30\x82\0\5\x06\3abcbehind", "a.p7s"), 9);
	CHECK_EQUAL(END("\x30\x82\0\5xyzabc", "a.der"), 0);
}

/* 32-bit little-endian: the header, one segment up to 100, sections up to 140, and one without bytes in the file. */
static void make_elf(uint8_t *elf, size_t size)
{
	memset(elf, 0, size);
	memcpy(elf, "\177ELF\1\1\1", 7);
	elf[28] = 52; /* program headers */
	elf[32] = 84; /* section headers */
	elf[40] = 52;
	elf[42] = 32;
	elf[44] = 1;
	elf[46] = 40;
	elf[48] = 2;
	elf[52] = 1;   /* a segment that is loaded */
	elf[52 + 16] = 100;
	elf[84 + 4] = 1;
	elf[84 + 16] = 100;
	elf[84 + 20] = 40;
	elf[124 + 4] = 8; /* .bss */
	elf[124 + 16] = 140;
	elf[124 + 21] = 0x40;
}

TEST(programs_end_with_their_last_part)
{
	uint8_t elf[400];
	struct known known;
	make_elf(elf, sizeof elf);
	REQUIRE(known_content(SPAN_NONE, span_of(elf, sizeof elf), &known));
	CHECK_EQUAL(known.end, 164); /* the section headers reach further than what they describe */
	CHECK(known.program);
	elf[84 + 20] = 200;
	REQUIRE(known_content(SPAN_NONE, span_of(elf, sizeof elf), &known));
	CHECK_EQUAL(known.end, 300);
	REQUIRE(known_content(SPAN_NONE, span_of(elf, 250), &known)); /* cut short: no more than there is */
	CHECK_EQUAL(known.end, 250);
	memset(elf + 28, 0, 24);
	CHECK(!known_content(SPAN_NONE, span_of(elf, sizeof elf), &known));
}

/* Any cut and any flipped byte gives an end that lies within what there is. */
TEST(damaged_headers_never_reach_too_far)
{
	const struct span samples[] = {
		SPAN_LITERAL("\x89PNG\r\n\x1a\n\0\0\0\0IEND1234behind"),
		SPAN_LITERAL("GIF89a\1\0\1\0\x80\0\0abcdef,\0\0\0\0\1\0\1\0\0\2\2xy\0;behind"),
		SPAN_LITERAL("\xfe\xed\xfa\xce\0\0\0\7\0\0\0\3\0\0\0\2\0\0\0\1\0\0\0\x38\0\0\0\0\0\0\0\1\0\0\0\x38______________"),
		SPAN_LITERAL("\xde\x12\x04\x95\0\0\0\0\1\0\0\0\x1c\0\0\0\x24\0\0\0\0\0\0\0\0"
			     "\0\0\0\1\0\0\0\x2c\0\0\0\1\0\0\0\x2e\0\0\0a\0b\0"),
		SPAN_LITERAL("\0\0\1\0\1\0\1\1\0\0\1\0\1\0\4\0\0\0\x16\0\0\0abcd"),
		SPAN_LITERAL("\0\1\0\0\0\1\0\0\0\0\0\0cmap\0\0\0\0\0\0\0\x1c\0\0\0\4abcd"),
	};
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		for (size_t size = 0; size <= samples[i].size; size++)
			for (size_t at = 0; at < size; at++) {
				uint8_t copy[128];
				struct known known = { 0 };
				memcpy(copy, samples[i].data, size);
				copy[at] ^= 0xff;
				if (known_content(SPAN_NONE, span_of(copy, size), &known))
					CHECK(known.end > 0 && known.end <= size);
			}
}

TESTS(firmware_of_a_wireless_chip_holds_to_its_end, pictures_end_where_they_say,
      an_end_mark_ends_with_the_erased_flash, what_does_not_hold_is_not_known,
      certificates_end_with_their_sequence, programs_end_with_their_last_part,
      damaged_headers_never_reach_too_far)
