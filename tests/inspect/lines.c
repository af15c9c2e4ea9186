#include "inspect/lines.h"

#include "harness.h"

TEST(gives_lines_with_number_and_offset)
{
	struct lines lines = lines_over(SPAN_LITERAL("# a\n\n  x=1 \r\n// c\n;d\nlast"));
	struct span line;
	REQUIRE(lines_next_setting(&lines, &line));
	CHECK_TEXT(line, "x=1");
	CHECK_EQUAL(lines.number, 3);
	CHECK_EQUAL(lines.offset, 5);
	REQUIRE(lines_next_setting(&lines, &line));
	CHECK_TEXT(line, "last");
	CHECK_EQUAL(lines.number, 6);
	CHECK(!lines_next_setting(&lines, &line));
}

TEST(splits_settings)
{
	struct span name, value;
	CHECK(setting_split(SPAN_LITERAL("PermitRootLogin yes"), &name, &value));
	CHECK_TEXT(name, "PermitRootLogin");
	CHECK_TEXT(value, "yes");
	CHECK(setting_split(SPAN_LITERAL("a = \"b c\""), &name, &value));
	CHECK_TEXT(name, "a");
	CHECK_TEXT(value, "b c");
	CHECK(!setting_split(SPAN_LITERAL("a="), &name, &value));
	CHECK(!setting_split(SPAN_LITERAL("word"), &name, &value));
	CHECK(!setting_split(SPAN_LITERAL("=b"), &name, &value));
}

TEST(compares_words)
{
	CHECK(equal_caseless(SPAN_LITERAL("YeS"), "yes"));
	CHECK(!equal_caseless(SPAN_LITERAL("yes!"), "yes"));
	CHECK(contains_caseless(SPAN_LITERAL("default.PassWd"), "passwd"));
	CHECK(!contains_caseless(SPAN_LITERAL("pass"), "passwd"));
	CHECK(path_has_folder(SPAN_LITERAL("/usr/share/doc/x"), "doc"));
	CHECK(!path_has_folder(SPAN_LITERAL("/usr/share/doc"), "doc"));
}

TESTS(gives_lines_with_number_and_offset, splits_settings, compares_words)
