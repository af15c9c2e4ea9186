#include "vuln/range.h"

#include "harness.h"

static enum range_verdict verdict(enum version_order order, const char *list, const char *version)
{
	return range_judge(order, span_of_text(list), span_of_text(version)).verdict;
}

TEST(bounds_are_open_and_closed)
{
	CHECK_EQUAL(verdict(ORDER_GENERIC, "[1.0,2.0)", "1.0"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_GENERIC, "[1.0,2.0)", "2.0"), RANGE_UNAFFECTED);
	CHECK_EQUAL(verdict(ORDER_GENERIC, "(1.0,2.0]", "1.0"), RANGE_UNAFFECTED);
	CHECK_EQUAL(verdict(ORDER_GENERIC, "(1.0,2.0]", "2.0.0"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_GENERIC, "[*,2.0)", "0.1"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_GENERIC, "[3,*]", "99"), RANGE_AFFECTED);
}

TEST(single_versions_say_nothing_of_others)
{
	CHECK_EQUAL(verdict(ORDER_OPENSSL, "=1.0.1e =1.0.1f", "1.0.1f"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_OPENSSL, "=1.0.1e =1.0.1f", "1.0.1g"), RANGE_SILENT);
	CHECK_EQUAL(verdict(ORDER_OPENSSL, "", "1.0.1g"), RANGE_SILENT);
}

static const char kernel_list[] = "[*,*] ![*,2.6.19) ![3.16.66,3.16.*] ![4.14.106,4.14.*] ![5.0,*]";

TEST(unaffected_branches_are_cut_out)
{
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "2.6.18"), RANGE_UNAFFECTED);
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "2.6.36"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "3.16.66"), RANGE_UNAFFECTED);
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "3.16.99"), RANGE_UNAFFECTED);
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "3.17"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "4.14.63"), RANGE_AFFECTED);
	CHECK_EQUAL(verdict(ORDER_KERNEL, kernel_list, "5.0"), RANGE_UNAFFECTED);
}

TEST(the_first_fixed_version_is_named)
{
	struct range_result result = range_judge(ORDER_KERNEL, span_of_text(kernel_list), SPAN_LITERAL("4.14.63"));
	CHECK_TEXT(result.fixed, "4.14.106");
	CHECK_TEXT(result.hit.start, "2.6.19");
	result = range_judge(ORDER_GENERIC, SPAN_LITERAL("[1.0,1.4) [2.0,2.3)"), SPAN_LITERAL("2.1"));
	CHECK_TEXT(result.fixed, "2.3");
	result = range_judge(ORDER_GENERIC, SPAN_LITERAL("[1.0,1.4]"), SPAN_LITERAL("1.2"));
	CHECK_TEXT(result.fixed, "");
}

TEST(a_range_that_another_continues_ends_with_that_one)
{
	static const char list[] = "[*,2.6.12-rc2) [2.6.12-rc2,4.15-rc8) ![4.4.112,4.4.*]";
	struct range_result result = range_judge(ORDER_KERNEL, span_of_text(list), SPAN_LITERAL("2.4.20"));
	CHECK_EQUAL(result.verdict, RANGE_AFFECTED);
	CHECK_TEXT(result.hit.start, "");
	CHECK_TEXT(result.fixed, "4.4.112");
	result = range_judge(ORDER_GENERIC, SPAN_LITERAL("[2.0,3.0) [1.6,2.0) [*,1.6)"), SPAN_LITERAL("1.0"));
	CHECK_TEXT(result.fixed, "3.0");
	result = range_judge(ORDER_GENERIC, SPAN_LITERAL("[*,1.6) [1.6,2.0]"), SPAN_LITERAL("1.0"));
	CHECK_TEXT(result.fixed, "");
	CHECK_TEXT(result.hit.end, "2.0");
	result = range_judge(ORDER_GENERIC, SPAN_LITERAL("[*,1.6) [1.7,2.0)"), SPAN_LITERAL("1.0"));
	CHECK_TEXT(result.fixed, "1.6");
}

TEST(writes_what_it_reads)
{
	struct buffer out;
	buffer_init(&out, 4096, NULL);
	struct range range = { .start = SPAN_LITERAL("1.0"), .end = SPAN_LITERAL("2.0"), .end_excluded = true };
	CHECK_EQUAL(range_append(&out, &range), DONE);
	range = (struct range){ .unaffected = true, .single = true, .start = SPAN_LITERAL("1.5") };
	CHECK_EQUAL(range_append(&out, &range), DONE);
	range = (struct range){ .start = SPAN_LITERAL("all versions"), .end = SPAN_LITERAL("2") };
	CHECK_EQUAL(range_append(&out, &range), NOT_THIS);
	CHECK_TEXT(buffer_span(&out), "[1.0,2.0) !=1.5");
	struct span rest = buffer_span(&out);
	struct range read;
	REQUIRE(range_next(&rest, &read));
	CHECK(read.end_excluded && !read.start_excluded && !read.single && !read.unaffected);
	REQUIRE(range_next(&rest, &read));
	CHECK(read.single && read.unaffected);
	CHECK_TEXT(read.start, "1.5");
	CHECK(!range_next(&rest, &read));
	buffer_done(&out);
}

TEST(broken_lists_end_quietly)
{
	static const char *const broken[] = { "[", "[]", "[1.0", "[,", "(,)", "!", "=", "!=", "[1.0 2.0)", "x", " " };
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		(void)verdict(ORDER_GENERIC, broken[i], "1.0");
	CHECK_EQUAL(verdict(ORDER_GENERIC, "=", "1.0"), RANGE_SILENT);
}

TEST(a_version_without_a_place_lies_in_no_range_for_sure)
{
	struct range_result result = range_judge_unplaced(SPAN_LITERAL("[1.0,1.4) ![1.3,1.3.*] [2.0,2.10)"));
	CHECK_EQUAL(result.verdict, RANGE_AFFECTED);
	CHECK_TEXT(result.hit.start, "2.0");
	CHECK_TEXT(result.fixed, "2.10");
	CHECK_EQUAL(range_judge_unplaced(SPAN_LITERAL("=1.0 =1.1 ![1.2,1.3)")).verdict, RANGE_SILENT);
	CHECK_EQUAL(range_judge_unplaced(SPAN_NONE).verdict, RANGE_SILENT);
}

TESTS(bounds_are_open_and_closed, single_versions_say_nothing_of_others, unaffected_branches_are_cut_out,
      the_first_fixed_version_is_named, writes_what_it_reads, broken_lists_end_quietly,
      a_range_that_another_continues_ends_with_that_one, writes_what_it_reads, broken_lists_end_quietly,
      a_version_without_a_place_lies_in_no_range_for_sure)
