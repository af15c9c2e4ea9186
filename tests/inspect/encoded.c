#include "inspect/encoded.h"

#include "harness.h"

enum { ROOM = 64 * 1024 };

/* How many bytes of a text of so many equal lines count as records of other bytes. */
static uint64_t encoded(const char *line, int lines, size_t *size)
{
	static char text[ROOM];
	*size = 0;
	for (int i = 0; i < lines && *size + strlen(line) < ROOM; i++) {
		memcpy(text + *size, line, strlen(line));
		*size += strlen(line);
	}
	return encoded_bytes(span_of(text, *size));
}

TEST(records_of_bytes_count_where_they_are_many)
{
	static const char *const lines[] = {
		":10010000214601360121470136007EFE09D2190140\r\n",
		"S1137AF00A0A0D0000000000000000000000000061\n",
		"M1F%C=&5R(&%L;\"!T:&4@;6]S=\"!O9B!T:&5M(&1O(&YO=\"!L:6ME(&ET+B!A\n",
		"QWxsIG9mIHRoZW0gZG8gbm90IGxpa2UgaXQgYW5kIHNheSBzbyBpbiBwdWJsaWM=\n",
		"0x7f, 0x45, 0x4c, 0x46, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,\n",
		"7f454c4602010100000000000000000003003e0001000000\n",
		"7F 45 4C 46 02 01 01 00 00 00 00 00 00 00 00 00\n",
		"7f454c46\n",
		"7f454c46 02010100 00000000 00000000\n",
		"00000010: 7f45 4c46 0201 0100 0000 0000 0000 0000  .ELF............\n",
		"00000010  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|\n",
		"0000020 457f 464c 0102 0001 0000 0000 0000 00ff\n",
		"  \"\\x7f\\x45\\x4c\\x46\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\"\n",
		"9jqo^BlbD-BleB1DJ+*+F(f,q/0JhKF<GL>Cj@.4Gp$d7F!,L7@<6@)/0JDEF<G%<+EV:2F!,\n",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t size;
		uint64_t many = encoded(lines[i], 400, &size);
		if (many + 1000 < size)
			harness_fail(__FILE__, __LINE__, "%zu of %zu bytes: %s", (size_t)many, size, lines[i]);
		CHECK_EQUAL(encoded(lines[i], 3, &size), 0);
	}
}

TEST(numbers_of_bytes_count_where_they_are_all_kinds)
{
	static char text[ROOM];
	size_t size = 0;
	uint32_t value = 1;
	for (int i = 0; i < 4000; i++, value = value * 1103515245 + 12345)
		size += (size_t)snprintf(text + size, sizeof text - size, "%u,%s", (unsigned)(value >> 16 & 255),
					 i % 16 == 15 ? "\n" : " ");
	CHECK_EQUAL(encoded_bytes(span_of(text, size)) > size - 100, true);
	for (size_t i = 0; i < size; i++) /* numbers that are larger are no bytes */
		text[i] = text[i] == '1' ? '9' : text[i];
	CHECK_EQUAL(encoded_bytes(span_of(text, size)), 0);
}

TEST(texts_that_look_like_it_are_texts)
{
	static const char *const lines[] = {
		"static const int table[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 };\n",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  /etc/passwd\n",
		"The quick brown fox jumps over the lazy dog, and nobody writes that down in code.\n",
		"#define REGISTER 0x40001000\n",
		"iptables -A INPUT -p tcp --dport 22 -j ACCEPT\n",
		"::sysinit:/etc/init.d/rcS\n",
		"10 20 30 40 50 60 70 80 90 10 11 12 13 14\n",
		"1024 2048 4096 8192 1024 2048 4096 8192\n",
		"/usr/lib/python3/dist-packages/somepackage/submodule/__init__.py\n",
		"http://www.example.com/cgi-bin/luci/admin/network?section=wan&page=2\n",
		"facade decade defaced beaded added\n",
		"MemTotal:        1024 kB of 8192 kB and 4096 kB in the cache\n",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t size;
		if (encoded(lines[i], 300, &size) != 0)
			harness_fail(__FILE__, __LINE__, "is code: %s", lines[i]);
	}
}

TEST(armour_counts_by_its_name)
{
	char text[8192];
	const char *const line = "QWxsIG9mIHRoZW0gZG8gbm90IGxpa2UgaXQgYW5kIHNheSBzbyBpbiBwdWJsaWM=\n";
	const char *const names[] = { "CERTIFICATE", "PRIVATE KEY", "MESSAGE" };
	for (size_t i = 0; i < 3; i++) {
		int size = snprintf(text, sizeof text, "-----BEGIN %s-----\n", names[i]);
		for (int n = 0; n < 60; n++)
			size += snprintf(text + size, sizeof text - (size_t)size, "%s", line);
		size += snprintf(text + size, sizeof text - (size_t)size, "-----END %s-----\n", names[i]);
		CHECK_EQUAL(encoded_bytes(span_of(text, (size_t)size)) > 0, i == 2);
	}
}

TESTS(records_of_bytes_count_where_they_are_many, numbers_of_bytes_count_where_they_are_all_kinds,
      texts_that_look_like_it_are_texts, armour_counts_by_its_name)
