#include "inspect/known_key.h"

#include "base/embedded.h"
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { FINGERPRINT_SIZE = 64 };

/* Every line is well-formed, above the one before it, and found; what differs in a digit is not. */
TEST(finds_every_key_of_the_table)
{
	struct lines lines = lines_over(embedded("inspect/known-keys.tsv"));
	struct span line, before = SPAN_NONE;
	int rows = 0;
	while (lines_next(&lines, &line)) {
		struct span origin = line, key;
		if (span_byte(line, 0) == '#')
			continue;
		if (!span_next_field(&origin, '\t', &key) || key.size != FINGERPRINT_SIZE || origin.size == 0 ||
		    (before.size > 0 && span_compare(before, key) >= 0) || !span_equal(known_key_origin(key), origin))
			harness_fail(__FILE__, __LINE__, "known-keys.tsv:%d", (int)lines.number);
		before = key;
		rows++;
	}
	CHECK(rows > 500);
	CHECK_TEXT(known_key_origin(span_slice(before, 0, FINGERPRINT_SIZE - 1)), "");
	CHECK_TEXT(known_key_origin(SPAN_NONE), "");
	CHECK_TEXT(known_key_origin(SPAN_LITERAL("#")), "");
	CHECK_TEXT(known_key_origin(SPAN_LITERAL("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")), "");
	CHECK_TEXT(known_key_origin(SPAN_LITERAL("0000000000000000000000000000000000000000000000000000000000000000")), "");
}

TESTS(finds_every_key_of_the_table)
