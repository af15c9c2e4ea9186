#include "inspect/kind.h"

#include "harness.h"
#include "inspect/inspector.h"

#define KIND(name, text) kind_name(kind_of(SPAN_LITERAL(name), SPAN_LITERAL(text)))
#define CHECK_KIND(name, text, want) CHECK_TEXT(span_of_text(KIND(name, text)), want)

TEST(tells_kinds_by_first_bytes)
{
	CHECK_KIND("empty", "", "empty");
	CHECK_KIND("rcS", "#!/bin/sh\nmount -a\n", "script");
	CHECK_KIND("passwd", "root::0:0:root:/:/bin/sh\n", "text");
	CHECK_KIND("note", "caf\xc3\xa9\n", "text");
	CHECK_KIND("server.pem", "a\n-----BEGIN CERTIFICATE-----\n", "pem");
	CHECK_KIND("logo.png", "\x89PNG\r\n\x1a\n\0\0", "image");
	CHECK_KIND("a.gz", "\x1f\x8b\x08\0\0", "archive");
	CHECK_KIND("sh", "\177ELF\1\1\1\0", "elf");
	CHECK_KIND("blob", "\1\2\3\4", "data");
}

TEST(tells_a_module_from_an_object)
{
	CHECK_KIND("a.ko", "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\1\0\x8\0.modinfo\0", "kernel module");
	CHECK_KIND("a.o", "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\1\0\x8\0.modinfo\0", "elf");
	CHECK_KIND("a.ko", "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\1\0\x8\0.text\0", "elf");
}

TEST(words_are_no_magic)
{
	CHECK_KIND("a.txt", "hsqs is a magic\n", "text");
	CHECK_KIND("a.txt", "BMW\n", "text");
	CHECK_KIND("a.txt", "ADB. A bridge\n", "text");
}

TEST(erased_flash_is_no_text)
{
	CHECK_KIND("part", "\xff\xff\xff\xff\xff\xff\xff\xff", "data");
	CHECK_KIND("part", "\xde\xad\xc0\xde\xff\xff\xff\xff\xff\xff", "data");
	CHECK_KIND("note", "a \xff in an old code page\n", "text");
}

TEST(a_device_tree_fits_its_file)
{
	CHECK_KIND("a.dtb", "\xd0\x0d\xfe\xed\0\0\0\x14\0\0\0\x10\0\0\0\x12\0\0\0\0", "device tree");
	CHECK_KIND("a.dtb", "\xd0\x0d\xfe\xed\0\0\1\x14\0\0\0\x10\0\0\0\x12\0\0\0\0", "data");
}

TEST(counts_lines_from_one)
{
	struct span text = SPAN_LITERAL("a\nbb\nc");
	CHECK_EQUAL(inspection_line(NULL, text, 0), 1);
	CHECK_EQUAL(inspection_line(NULL, text, 1), 1);
	CHECK_EQUAL(inspection_line(NULL, text, 2), 2);
	CHECK_EQUAL(inspection_line(NULL, text, 5), 3);
	CHECK_EQUAL(inspection_line(NULL, text, 500), 3);
	/* A counter goes on from where it was, and starts again for what lies before, and for another text. */
	struct line_counter counter = { 0 };
	static const uint64_t offsets[] = { 1, 5, 2, 500, 0, 2 };
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
		CHECK_EQUAL(inspection_line(&counter, text, offsets[i]), inspection_line(NULL, text, offsets[i]));
	CHECK_EQUAL(inspection_line(&counter, SPAN_LITERAL("one line"), 7), 1);
}

TESTS(tells_kinds_by_first_bytes, tells_a_module_from_an_object, words_are_no_magic, erased_flash_is_no_text,
      a_device_tree_fits_its_file, counts_lines_from_one)
