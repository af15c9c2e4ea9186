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
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t size;
		uint64_t many = encoded(lines[i], 200, &size);
		if (many + 400 < size)
			harness_fail(__FILE__, __LINE__, "%zu of %zu bytes: %s", (size_t)many, size, lines[i]);
		CHECK_EQUAL(encoded(lines[i], 3, &size), 0);
	}
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

TESTS(records_of_bytes_count_where_they_are_many, texts_that_look_like_it_are_texts, armour_counts_by_its_name)
