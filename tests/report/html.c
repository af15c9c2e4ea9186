#include "harness.h"

#include "base/text.h"
#include "report/fixture.h"

/* Breaks out of elements, attributes, scripts, comments, templates and terminals, where any of them is careless. */
#define HOSTILE "</script><!--<img src=x onerror=alert(1)>'\"&{0}{?1}\xe2\x80\xa8\x1b[2J\xe2\x80\xae\xff]]>"

static struct evidence *evidence;
static struct buffer report;

static bool make(enum fixture parts, const char *sql)
{
	evidence = fixture_open(parts);
	return evidence && (!sql || query_run(evidence_database(evidence), sql) == DONE) &&
	       fixture_report(evidence, "html", 0, false, &report) == DONE;
}

static void drop(void)
{
	buffer_done(&report);
	evidence_free(evidence);
}

static size_t place_of(const char *text)
{
	return span_find_text(buffer_span(&report), text, 0);
}

/* Every tag that is opened is closed; what HTML closes by itself is not counted. */
static void check_balance(void)
{
	static const char *const names[] = { "html", "head", "body", "header", "main", "section", "article", "div",
					     "table", "thead", "tbody", "tr", "td", "ul", "ol", "li", "details",
					     "summary", "svg", "g", "script", "style", "dl" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char plain[32], with[32], end[32];
		(void)snprintf(plain, sizeof plain, "<%s>", names[i]);
		(void)snprintf(with, sizeof with, "<%s ", names[i]);
		(void)snprintf(end, sizeof end, "</%s>", names[i]);
		if (fixture_count(&report, plain) + fixture_count(&report, with) != fixture_count(&report, end))
			harness_fail(__FILE__, __LINE__, "%s is not balanced", plain);
	}
}

TEST(says_everything_once_and_in_order)
{
	REQUIRE(make(FIXTURE_FULL, NULL));
	check_balance();
	CHECK(place_of("<h2 id='contradicted'>") < place_of("<h2 id='grade'>"));
	CHECK(place_of("<h2 id='grade'>") < place_of("<h2 id='findings'>"));
	CHECK_EQUAL(fixture_count(&report, "Grade 0 of 5"), 1);
	CHECK_EQUAL(fixture_count(&report, "allows at most <strong>2</strong>"), 1);
	CHECK_EQUAL(fixture_count(&report, "This data is old"), 1);
	CHECK_EQUAL(fixture_count(&report, "services.minimal: true"), 1);
	CHECK_EQUAL(fixture_count(&report, "certified"), 0);
	CHECK_EQUAL(fixture_count(&report, "compliant"), 0);
	CHECK_EQUAL(fixture_count(&report, "<title>boot: boot loader"), 1);
	CHECK_EQUAL(fixture_count(&report, "entropy 7.99"), 1);
	drop();
}

TEST(tells_a_finding_of_two_rules_once_at_its_highest)
{
	REQUIRE(make(FIXTURE_FULL, NULL));
	CHECK_EQUAL(fixture_count(&report, "<article "), 3);
	CHECK_EQUAL(fixture_count(&report, "<h3>Telnet at boot</h3>"), 1);
	CHECK_EQUAL(fixture_count(&report, "<h3>Telnet</h3>"), 0);
	CHECK(place_of("<h3>Telnet at boot</h3>") < place_of("<h3>No path</h3>"));
	CHECK(place_of("<h3>No path</h3>") < place_of("<h3>Weak</h3>"));
	drop();
}

TEST(puts_what_is_exploited_first)
{
	REQUIRE(make(FIXTURE_FULL, NULL));
	CHECK(place_of("CVE-2016-1") < place_of("CVE-2014-9"));
	CHECK(place_of("CVE-2014-9") < place_of("CVE-2013-1"));
	drop();
}

TEST(lets_no_text_of_an_image_become_markup)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && fixture_taint(evidence, HOSTILE));
	REQUIRE(fixture_report(evidence, "html", 0, false, &report) == DONE);
	check_balance();
	CHECK_EQUAL(fixture_count(&report, "<script"), 2);
	CHECK_EQUAL(fixture_count(&report, "</script"), 2);
	CHECK_EQUAL(fixture_count(&report, "<img"), 0);
	CHECK_EQUAL(fixture_count(&report, "<!--"), 0);
	CHECK_EQUAL(fixture_count(&report, ">'\""), 0);
	CHECK_EQUAL(fixture_count(&report, "\x1b"), 0);
	CHECK_EQUAL(fixture_count(&report, "\xe2\x80\xa8"), 0);
	CHECK_EQUAL(fixture_count(&report, "\xe2\x80\xae"), 0);
	CHECK(fixture_count(&report, "&#39;&quot;&amp;{0}{?1}") > 60);
	CHECK(fixture_count(&report, "\\u003c/script\\u003e\\u003c!--") > 5);
	for (struct span rest = buffer_span(&report); rest.size > 0;) {
		size_t length = text_utf8_length(rest);
		REQUIRE(length > 0);
		rest = span_from(rest, length);
	}
	drop();
}

TEST(forbids_the_network)
{
	REQUIRE(make(FIXTURE_FULL, NULL));
	CHECK_EQUAL(fixture_count(&report, "default-src 'none'; style-src 'sha256-"), 1);
	CHECK_EQUAL(fixture_count(&report, "http://"), 0);
	CHECK_EQUAL(fixture_count(&report, "https://"), 0);
	CHECK_EQUAL(fixture_count(&report, " src="), 0);
	CHECK_EQUAL(fixture_count(&report, " style="), 0);
	CHECK_EQUAL(fixture_count(&report, "url("), 0);
	CHECK(place_of("Content-Security-Policy") < place_of("<style>"));
	drop();
}

TEST(reports_an_empty_image)
{
	REQUIRE(make(FIXTURE_EMPTY, NULL));
	check_balance();
	CHECK_EQUAL(fixture_count(&report, "No file in it could be read"), 1);
	CHECK_EQUAL(fixture_count(&report, "<svg class='map'"), 0);
	CHECK_EQUAL(fixture_count(&report, "That is no proof that nothing is"), 1);
	drop();
}

TEST(says_where_no_store_was_used)
{
	REQUIRE(make(FIXTURE_FULL, "DELETE FROM vulnerability; DELETE FROM vulnerability_store"));
	CHECK_EQUAL(fixture_count(&report, "No vulnerability store was used"), 1);
	CHECK_EQUAL(fixture_count(&report, "They were not matched with known vulnerabilities"), 1);
	CHECK_EQUAL(fixture_count(&report, "exploited vulnerabilities"), 0);
	CHECK_EQUAL(fixture_count(&report, "none known"), 0);
	drop();
}

TEST(says_what_a_lock_means_to_the_image)
{
	REQUIRE(make(FIXTURE_FULL, "UPDATE account SET password = 'locked', scheme = '!', cracked = NULL"));
	CHECK(fixture_count(&report, "<td>locked ") > 0);
	CHECK_EQUAL(fixture_count(&report, ">none is set<"), 0);
	drop();
	REQUIRE(make(FIXTURE_FULL, "UPDATE account SET password = 'locked', scheme = '!', cracked = NULL;"
				   "INSERT INTO setting SELECT file, line, 'root password', 'none is set', '!' FROM account LIMIT 1"));
	CHECK_EQUAL(fixture_count(&report, ">none is set<"), 1);
	drop();
}

TEST(lists_what_was_not_read_among_the_limits)
{
#define INCOMPLETE "INSERT INTO incomplete (path, missing, cause, code, detail) VALUES "
	REQUIRE(make(FIXTURE_EMPTY, INCOMPLETE "('/etc/init.d/rcS', 'content', 'unreadable', 'mounts.not-given',"
					       " 'rcS mounts /app, and it was not given')"));
	CHECK_EQUAL(fixture_count(&report, "Everything that was recognised could be read"), 0);
	CHECK_EQUAL(fixture_count(&report, "<td>not read</td><td>rcS mounts /app, and it was not given "), 1);
	drop();
	REQUIRE(make(FIXTURE_EMPTY, "DELETE FROM note"));
	CHECK_EQUAL(fixture_count(&report, "Everything that was recognised could be read"), 1);
	drop();
	/* Told once, though a note says it too. */
	REQUIRE(make(FIXTURE_EMPTY, INCOMPLETE "('/a', 'content', 'limit', 'c', 'cut');"
				    "INSERT INTO note (severity, code, message, path) VALUES ('warning', 'c', 'cut', '/a')"));
	CHECK_EQUAL(fixture_count(&report, "<td>cut "), 1);
	drop();
}

TEST(tells_how_many_vulnerabilities_are_unrated)
{
	REQUIRE(make(FIXTURE_FULL, FIXTURE_UNRATED));
	CHECK_EQUAL(fixture_count(&report, ">5 open<"), 1);
	CHECK_EQUAL(fixture_count(&report, ">1 high, 1 low, 1 of no severity, 2 unrated<"), 1);
	drop();
}

/* "None known" is said of what was matched, and of nothing else. */
TEST(says_none_known_only_where_it_is_so)
{
#define FRESH "UPDATE vulnerability_store SET old = 0; INSERT INTO vulnerability_feed VALUES ('cve', '2020-01-01', 9, 0);"
	REQUIRE(make(FIXTURE_FULL, FRESH "DELETE FROM vulnerability WHERE component = 1"));
	CHECK_EQUAL(fixture_count(&report, ">none known<"), 1);
	drop();
	REQUIRE(make(FIXTURE_FULL, FRESH "DELETE FROM vulnerability WHERE component = 1; UPDATE vulnerability_store SET old = 1"));
	CHECK_EQUAL(fixture_count(&report, ">none known<"), 0);
	drop();
	REQUIRE(make(FIXTURE_FULL, FRESH "DELETE FROM vulnerability WHERE component = 1; DELETE FROM vulnerability_feed"));
	CHECK_EQUAL(fixture_count(&report, ">none known<"), 0);
	drop();
	REQUIRE(make(FIXTURE_FULL, "DELETE FROM vulnerability; UPDATE component SET version = NULL WHERE id = 1"));
	CHECK_EQUAL(fixture_count(&report, ">none known<"), 0);
	CHECK_EQUAL(fixture_count(&report, ">not matched: its version is not known<"), 2);
	drop();
	REQUIRE(make(FIXTURE_FULL, "UPDATE vulnerability SET status = 'under review' WHERE component = 1"));
	CHECK_EQUAL(fixture_count(&report, ">none known<"), 0);
	CHECK_EQUAL(fixture_count(&report, ">3 under review<"), 1);
	drop();
}

TESTS(says_everything_once_and_in_order, tells_a_finding_of_two_rules_once_at_its_highest, puts_what_is_exploited_first,
      lets_no_text_of_an_image_become_markup, forbids_the_network, reports_an_empty_image, says_where_no_store_was_used,
      tells_how_many_vulnerabilities_are_unrated, says_none_known_only_where_it_is_so, lists_what_was_not_read_among_the_limits,
      says_what_a_lock_means_to_the_image)
