#include "harness.h"

#include "report/fixture.h"

static struct evidence *evidence;
static struct buffer report;

static size_t place_of(const char *text)
{
	return span_find_text(buffer_span(&report), text, 0);
}

TEST(says_null_for_what_is_not_known)
{
	evidence = fixture_open(FIXTURE_EMPTY);
	REQUIRE(evidence && fixture_report(evidence, "json", 0, false, &report) == DONE);
	CHECK_EQUAL(fixture_count(&report, "\"grade\": null"), 1);
	CHECK_EQUAL(fixture_count(&report, "\"vulnerability_store\": null"), 1);
	CHECK_EQUAL(fixture_count(&report, "\"findings\": []"), 1);
	CHECK_EQUAL(fixture_count(&report, "\"created\": \"2023-11-14T22:13:20Z\""), 1);
	buffer_done(&report);
	evidence_free(evidence);
}

TEST(sorts_by_urgency)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && fixture_report(evidence, "json", 0, false, &report) == DONE);
	CHECK(place_of("c-telnet") < place_of("d-image"));
	CHECK(place_of("d-image") < place_of("b-weak"));
	CHECK(place_of("CVE-2016-1") < place_of("CVE-2014-9"));
	CHECK(place_of("\"ceiling\": 2") != SPAN_NOT_FOUND);
	CHECK(place_of("\"reference\": \"5.6-1\"") != SPAN_NOT_FOUND);
	CHECK_EQUAL(fixture_count(&report, "\"contradicted\": true"), 1);
	buffer_done(&report);
	evidence_free(evidence);
}

TEST(gives_the_same_bytes_every_time)
{
	static const char *const names[] = { "json", "html", "cyclonedx", "sarif", "terminal" };
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buffer again;
		REQUIRE(fixture_report(evidence, names[i], 0, false, &report) == DONE);
		REQUIRE(fixture_report(evidence, names[i], 0, false, &again) == DONE);
		CHECK(report.size > 100 && span_equal(buffer_span(&report), buffer_span(&again)));
		buffer_done(&report);
		buffer_done(&again);
	}
	evidence_free(evidence);
}

TESTS(says_null_for_what_is_not_known, sorts_by_urgency, gives_the_same_bytes_every_time)
