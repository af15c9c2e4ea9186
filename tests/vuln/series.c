#include "vuln/series.h"

#include "harness.h"
#include "vuln/claim.h"

TEST(a_version_belongs_to_the_longest_series_that_it_begins_with)
{
	struct series series = series_of(SPAN_LITERAL("openssl"), SPAN_LITERAL("1.0.1u"));
	CHECK_TEXT(series.name, "1.0.1");
	CHECK_TEXT(series.until, "2016-12-31");
	CHECK_TEXT(series_of(SPAN_LITERAL("openssl"), SPAN_LITERAL("0.9.7d")).until, "2007-02-23");
	CHECK_TEXT(series_of(SPAN_LITERAL("openssl"), SPAN_LITERAL("1.1.1w")).until, "9999-12-31");
	CHECK_TEXT(series_of(SPAN_LITERAL("openssl"), SPAN_LITERAL("3.0.9")).name, "3.0");
	CHECK(series_of(SPAN_LITERAL("no such component"), SPAN_LITERAL("1.0")).name.size == 0);
}

TEST(a_number_that_goes_on_is_another_series)
{
	CHECK(series_holds(SPAN_LITERAL("1.0.1"), SPAN_LITERAL("1.0.1")));
	CHECK(series_holds(SPAN_LITERAL("1.0.1"), SPAN_LITERAL("1.0.1u")));
	CHECK(!series_holds(SPAN_LITERAL("1.0.1"), SPAN_LITERAL("1.0.10")));
	CHECK(!series_holds(SPAN_LITERAL("1.0.1"), SPAN_LITERAL("1.0.2")));
	CHECK(!series_holds(SPAN_LITERAL("1.0.1"), SPAN_LITERAL("1.0")));
	CHECK(!series_holds(SPAN_NONE, SPAN_LITERAL("1.0")));
}

static enum claim_place place_of(const char *ranges, bool ended)
{
	struct claim claim = { .source = SOURCE_CNA, .listed = true, .series = SPAN_LITERAL("0.9.8"), .ended = ended };
	struct claim_subject subject = { .order = ORDER_OPENSSL, .branch = 2, .version = SPAN_LITERAL("0.9.8zg") };
	claim_judge(&claim, &subject, span_of_text(ranges));
	return claim.place;
}

/* A list that was made while the series was mended, and leaves it out, says that it has no fault. */
TEST(only_lists_of_later_days_say_nothing_of_a_series)
{
	CHECK(place_of("[1.0.1,1.0.1g)", false) == PLACE_BEFORE);
	CHECK(place_of("[1.0.1,1.0.1g)", true) == PLACE_UNSPOKEN);
	CHECK(place_of("[1.0.2,1.0.2g) [1.1.0,1.1.0a)", true) == PLACE_UNSPOKEN);
	CHECK(place_of("[1.0.2zd,1.0.2zf)", true) == PLACE_BEFORE); /* it knows the very version */
	CHECK(place_of("[0.9.8zh,0.9.8zi) [1.0.1,1.0.1g)", true) == PLACE_BEFORE);
}

TESTS(a_version_belongs_to_the_longest_series_that_it_begins_with, a_number_that_goes_on_is_another_series,
      only_lists_of_later_days_say_nothing_of_a_series)
