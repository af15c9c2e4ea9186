#include "harness.h"

#include "base/text.h"
#include "report/fixture.h"

static struct evidence *evidence;
static struct buffer page;

/* Columns of the widest line. */
static int widest(void)
{
	int most = 0, column = 0;
	for (struct span rest = buffer_span(&page); rest.size > 0;) {
		size_t length = text_utf8_length(rest);
		column = span_byte(rest, 0) == '\n' ? 0 : column + 1;
		most = column > most ? column : most;
		rest = span_from(rest, length > 0 ? length : 1);
	}
	return most;
}

TEST(keeps_to_the_width)
{
	static const char *const words[] = {
		"", " and a good many words that go on for longer than any line of a terminal can hold at once, twice over",
		"/a/path/without/any/blank/that/is/longer/than/a/line/of/a/narrow/terminal/and/then/some/more/of/it/x.so",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		evidence = fixture_open(FIXTURE_FULL);
		REQUIRE(evidence && fixture_taint(evidence, words[i]));
		for (int width = 60; width <= 160; width++) {
			REQUIRE(fixture_report(evidence, "terminal", width, false, &page) == DONE);
			if (widest() > width)
				harness_fail(__FILE__, __LINE__, "width %d, text %zu: a line of %d columns", width, i, widest());
			buffer_done(&page);
		}
		evidence_free(evidence);
	}
}

TEST(lets_no_text_steer_the_terminal)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && fixture_taint(evidence, "\x1b[31m\x9b\x07\r\xc2\x9b\xe2\x80\xae"));
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	for (size_t i = 0; i < page.size; i++)
		if (span_byte(buffer_span(&page), i) < 0x20 && span_byte(buffer_span(&page), i) != '\n')
			harness_fail(__FILE__, __LINE__, "control character 0x%02x", span_byte(buffer_span(&page), i));
	CHECK_EQUAL(fixture_count(&page, "\xc2\x9b"), 0);
	CHECK_EQUAL(fixture_count(&page, "\xe2\x80\xae"), 0);
	buffer_done(&page);
	REQUIRE(fixture_report(evidence, "terminal", 100, true, &page) == DONE);
	CHECK(fixture_count(&page, "\x1b[1m") > 3);
	CHECK_EQUAL(fixture_count(&page, "\x1b[31m\xef\xbf\xbd"), 0);
	buffer_done(&page);
	evidence_free(evidence);
}

TEST(tells_each_thing_once)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	struct span text = buffer_span(&page);
	CHECK(span_find_text(text, "Declared, but contradicted by the image", 0) < span_find_text(text, "Grade 0 of 5", 0));
	CHECK_EQUAL(fixture_count(&page, "  low       telnetd is started"), 0);
	CHECK_EQUAL(fixture_count(&page, "  critical  telnetd is started"), 0);
	CHECK_EQUAL(fixture_count(&page, "telnetd is started [1.1]"), 1);
	CHECK_EQUAL(fixture_count(&page, "→ Declare a contact"), 1);
	CHECK_EQUAL(fixture_count(&page, "Findings  1 critical, 1 high, 1 medium"), 1);
	CHECK_EQUAL(fixture_count(&page, "1 exploited"), 1);
	CHECK_EQUAL(fixture_count(&page, "certified"), 0);
	buffer_done(&page);
	evidence_free(evidence);
}

/* What the steps to a grade tell is not told again; without a grade there are none. */
TEST(hides_no_finding_where_nothing_is_judged)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database, "UPDATE finding SET rule = 'vulnerability-known-exploited' WHERE rule = 'c-telnet'") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "  critical  telnetd is started"), 0);
	buffer_done(&page);
	REQUIRE(query_run(database, "DELETE FROM grade") == DONE && query_run(database, "DELETE FROM grade_reason") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "  critical  telnetd is started"), 1);
	buffer_done(&page);
	/* What the table of components says better is listed where there is nothing else. */
	REQUIRE(query_run(database, "UPDATE finding SET rule = 'vulnerability-severe' WHERE rule LIKE 'vuln%'") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "  critical  telnetd is started"), 0);
	buffer_done(&page);
	REQUIRE(query_run(database, "DELETE FROM finding WHERE rule <> 'vulnerability-severe'") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "  critical  telnetd is started"), 1);
	CHECK_EQUAL(fixture_count(&page, "more: assay findings"), 0);
	buffer_done(&page);
	REQUIRE(fixture_report(evidence, "html", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "of 1 kind, in 1 place<"), 1);
	CHECK_EQUAL(fixture_count(&page, "; in 1 place. The most severe"), 1);
	buffer_done(&page);
	evidence_free(evidence);
}

/* What is told of a component's vulnerabilities adds up to their number, however narrow the page is. */
TEST(tells_how_many_vulnerabilities_are_unrated)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && query_run(evidence_database(evidence), FIXTURE_UNRATED) == DONE);
	for (int width = 80; width <= 100; width += 20) {
		REQUIRE(fixture_report(evidence, "terminal", width, false, &page) == DONE);
		CHECK_EQUAL(fixture_count(&page, "    5  1 exploited"), 1);
		CHECK_EQUAL(fixture_count(&page, "  1 high, 1 low, 1 of no severity, 2 unrated\n"), 1);
		buffer_done(&page);
	}
	evidence_free(evidence);
}

TEST(says_of_what_only_may_start_that_it_may)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database, "INSERT INTO service (file, line, name, program, protocol, starter, listens, program_present)"
				    " VALUES (1, 3, 'httpd', '/usr/sbin/httpd', 'http', 'rc script', 1, 1)") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "May run and listen"), 1);
	buffer_done(&page);
	REQUIRE(query_run(database, "UPDATE service SET enabled = 1") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "Runs and listens"), 1);
	buffer_done(&page);
	/* What may give a shell stands before what surely serves pages. */
	REQUIRE(query_run(database, "INSERT INTO service (file, line, name, program, protocol, starter, listens, program_present)"
				    " VALUES (1, 9, 'utelnetd', '/usr/sbin/utelnetd', 'telnet', 'rc script', 1, 1)") == DONE);
	REQUIRE(fixture_report(evidence, "terminal", 100, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "Runs and listens"), 1);
	size_t telnet = span_find_text(buffer_span(&page), "  utelnetd ", 0);
	CHECK(telnet != SPAN_NOT_FOUND && telnet < span_find_text(buffer_span(&page), "  httpd ", 0));
	buffer_done(&page);
	evidence_free(evidence);
}

TEST(is_short_for_an_empty_image)
{
	evidence = fixture_open(FIXTURE_EMPTY);
	REQUIRE(evidence && fixture_report(evidence, "terminal", 60, false, &page) == DONE);
	CHECK_EQUAL(fixture_count(&page, "none identified"), 1);
	CHECK_EQUAL(fixture_count(&page, "Findings"), 0);
	CHECK_EQUAL(fixture_count(&page, "Grade"), 0);
	CHECK(widest() <= 60);
	buffer_done(&page);
	evidence_free(evidence);
}

TESTS(keeps_to_the_width, lets_no_text_steer_the_terminal, tells_each_thing_once, hides_no_finding_where_nothing_is_judged,
      tells_how_many_vulnerabilities_are_unrated, says_of_what_only_may_start_that_it_may, is_short_for_an_empty_image)
