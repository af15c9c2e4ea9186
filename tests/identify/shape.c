#include "identify/shape.h"

#include "harness.h"

static void check(const char *shape, const char *text, const char *want)
{
	struct span part = SPAN_NONE;
	bool matches = shape_matches(span_of_text(shape), span_of_text(text), &part);
	CHECK_EQUAL(matches, want != NULL);
	if (matches && want)
		CHECK_TEXT(part, want);
}

TEST(digits_letters_and_parts)
{
	check("#.#.#", "1.22.333", "1.22.333");
	check("#.#.#", "1.2", NULL);
	check("#.#", "1.2.3", NULL);
	check("#.#@", "3.3a", "3.3a");
	check("{#.#.#} (legacy)", "1.8.8 (legacy)", "1.8.8");
	check("libz.so.{1.#.#[.#]}", "libz.so.1.2.3.4", "1.2.3.4");
	check("libz.so.{1.#.#[.#]}", "libz.so.1.2.11", "1.2.11");
	check("libz.so.{1.#.#[.#]}", "libz.so.1", NULL);
}

TEST(missing_and_any)
{
	check("#.#.#[p#]", "1.9.5p2", "1.9.5p2");
	check("#.#.#[p#]", "1.9.5p", NULL);
	check("libboost_*.so.{1.#.#}", "libboost_date_time.so.1.54.0", "1.54.0");
	check("*.js", "jquery.min.js", "jquery.min.js");
	check("*.js", "jquery.css", NULL);
	check("", "", "");
	check("#", "", NULL);
}

TEST(validity)
{
	CHECK(shape_valid(SPAN_LITERAL("lib*.so.{#[.#]}")));
	CHECK(!shape_valid(SPAN_LITERAL("")));
	CHECK(!shape_valid(SPAN_LITERAL("{#")));
	CHECK(!shape_valid(SPAN_LITERAL("[[#]]")));
	CHECK(!shape_valid(SPAN_LITERAL("{#}{#}")));
}

TESTS(digits_letters_and_parts, missing_and_any, validity)
