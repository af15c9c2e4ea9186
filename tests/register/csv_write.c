#include "register/csv_write.h"

#include "base/arena.h"
#include "harness.h"
#include "register/csv.h"

static bool writes(struct value value, const char *want)
{
	struct buffer out;
	buffer_init(&out, 1 << 16, NULL);
	bool same = csv_write(&out, value) == DONE && span_equal_text(buffer_span(&out), want);
	if (!same)
		printf("# %.*s, not %s\n", SPAN_FORMAT(buffer_span(&out)), want);
	buffer_done(&out);
	return same;
}

TEST(values_are_written)
{
	CHECK(writes(VALUE_NONE, ""));
	CHECK(writes(value_word(""), "\"\""));
	CHECK(writes(value_integer(-7), "-7"));
	CHECK(writes(value_real(-0.25), "-0.25"));
	CHECK(writes(value_word("busybox"), "busybox"));
	CHECK(writes(value_word("a,b"), "\"a,b\""));
	CHECK(writes(value_word("a \"b\""), "\"a \"\"b\"\"\""));
	CHECK(writes(value_word("two\nlines"), "\"two\nlines\""));
}

TEST(what_a_spreadsheet_would_run_is_a_text)
{
	CHECK(writes(value_word("=1+1"), "'=1+1"));
	CHECK(writes(value_word("-7"), "'-7"));
	CHECK(writes(value_word("@SUM(A1)"), "'@SUM(A1)"));
	CHECK(writes(value_word("\"=1"), "\"'\"\"=1\""));
	CHECK(writes(value_word("\xef\xbc\x9d" "1"), "'\xef\xbc\x9d" "1"));
	CHECK(writes(value_word("a=1"), "a=1"));
}

/* The reader is the oracle: every text of three bytes of those that matter comes back. */
TEST(what_is_written_is_read)
{
	static const char bytes[] = "a, \"\r\n";
	enum { KINDS = sizeof bytes - 1 };
	for (int number = 0; number < KINDS * KINDS * KINDS; number++) {
		const char text[] = { 'x', bytes[number % KINDS], bytes[number / KINDS % KINDS], bytes[number / KINDS / KINDS], '\0' };
		struct buffer out;
		struct arena arena;
		struct csv_row row;
		uint32_t line = 0;
		buffer_init(&out, 1 << 16, NULL);
		arena_init(&arena, 1 << 16);
		CHECK_EQUAL(csv_write(&out, value_word(text)), DONE);
		CHECK_EQUAL(buffer_append(&out, SPAN_LITERAL(",end\n")), DONE);
		struct span rest = buffer_span(&out);
		CHECK_EQUAL(csv_next(&rest, &line, &arena, &row), DONE);
		CHECK_EQUAL(row.count, 2);
		CHECK_TEXT(row.fields[0], text);
		arena_done(&arena);
		buffer_done(&out);
	}
}

TESTS(values_are_written, what_a_spreadsheet_would_run_is_a_text, what_is_written_is_read)
