#include "base/base64.h"

#include "harness.h"

enum { TEXT_MOST = 4096 };

TEST(reads_one_text_of_one_length)
{
	uint8_t bytes[BASE64_BYTES_MAX], back[BASE64_BYTES_MAX];
	struct buffer text;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 5);
	for (size_t size = 1; size <= sizeof bytes; size++) {
		buffer_init(&text, TEXT_MOST, NULL);
		CHECK_EQUAL(base64_append(&text, span_of(bytes, size)), DONE);
		CHECK(base64_read(buffer_span(&text), back, size) && memcmp(bytes, back, size) == 0);
		CHECK(!base64_read(span_slice(buffer_span(&text), 1, SIZE_MAX), back, size));
		CHECK(size % 3 == 0 || !base64_read(buffer_span(&text), back, size + 1));
		buffer_done(&text);
	}
	CHECK(!base64_read(SPAN_LITERAL("AA-="), back, 2));
	CHECK(!base64_read(SPAN_LITERAL("A==="), back, 2));
	CHECK(!base64_read(SPAN_LITERAL("AAAA"), back, 2));
}

TESTS(reads_one_text_of_one_length)
