#include "harness.h"

#include <stdio.h>

#include "report/fixture.h"

static struct evidence *evidence;
static struct buffer report;

/* Evidence with one finding of that severity, on that line (0: none), alone. */
static bool report_one(const char *severity, int line)
{
	char sql[512];
	evidence = fixture_open(FIXTURE_EMPTY);
	(void)snprintf(sql, sizeof sql,
		       "DELETE FROM finding; INSERT INTO finding (rule, title, severity, path, line, detail) VALUES"
		       " ('one-rule', 'A title', '%s', '/etc/a b', nullif(%d, 0), 'a detail')", severity, line);
	return evidence && query_run(evidence_database(evidence), sql) == DONE &&
	       fixture_report(evidence, "sarif", 0, false, &report) == DONE;
}

static void done(void)
{
	buffer_done(&report);
	evidence_free(evidence);
}

TEST(gives_each_severity_its_level_and_score)
{
	static const struct {
		const char *severity, *level, *score;
	} all[] = {
		{ "critical", "error", "9.5" }, { "high", "error", "8.0" }, { "medium", "warning", "5.5" },
		{ "low", "note", "2.0" },       { "info", "note", "2.0" },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char level[64], score[64];
		(void)snprintf(level, sizeof level, "\"level\": \"%s\"", all[i].level);
		(void)snprintf(score, sizeof score, "\"security-severity\": \"%s\"", all[i].score);
		REQUIRE(report_one(all[i].severity, 7));
		CHECK_EQUAL(fixture_count(&report, "\"level\": "), 1);
		CHECK_EQUAL(fixture_count(&report, level), 1);
		CHECK_EQUAL(fixture_count(&report, score), 1);
		done();
	}
}

TEST(gives_the_line_that_a_finding_stands_on)
{
	static const struct {
		int line;
		const char *region; /* as it is written; NULL where there is none */
	} all[] = { { 1, "\"startLine\": 1\n" }, { 2, "\"startLine\": 2\n" }, { 4711, "\"startLine\": 4711\n" }, { 0, NULL } };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		REQUIRE(report_one("high", all[i].line));
		CHECK_EQUAL(fixture_count(&report, "\"region\""), all[i].region != NULL);
		CHECK_EQUAL(fixture_count(&report, "\"startLine\""), all[i].region != NULL);
		if (all[i].region)
			CHECK_EQUAL(fixture_count(&report, all[i].region), 1);
		CHECK_EQUAL(fixture_count(&report, "\"uri\": \"etc/a%20b\""), 1);
		CHECK_EQUAL(fixture_count(&report, "\"ruleId\": \"one-rule\""), 1);
		done();
	}
}

TEST(says_that_an_exploited_vulnerability_is_an_error_without_a_line)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && query_run(evidence_database(evidence), "DELETE FROM finding") == DONE);
	REQUIRE(fixture_report(evidence, "sarif", 0, false, &report) == DONE);
	size_t results = (size_t)query_number(evidence_database(evidence), "SELECT count(*) FROM vulnerability"
									   " WHERE known_exploited = 1 AND status = 'affected'");
	CHECK(results > 0);
	CHECK_EQUAL(fixture_count(&report, "\"level\": \"error\""), results);
	CHECK_EQUAL(fixture_count(&report, "\"level\": "), results);
	CHECK_EQUAL(fixture_count(&report, "\"region\""), 0);
	done();
}

/* What is under review is neither silent nor a failure. */
TEST(tells_exploited_matches_under_review_as_such)
{
	evidence = fixture_open(FIXTURE_FULL);
	REQUIRE(evidence && query_run(evidence_database(evidence), "DELETE FROM finding; UPDATE vulnerability SET status ="
							       " 'under review' WHERE known_exploited = 1") == DONE);
	REQUIRE(fixture_report(evidence, "sarif", 0, false, &report) == DONE);
	CHECK_EQUAL(fixture_count(&report, "\"kind\": \"review\""), 1);
	CHECK_EQUAL(fixture_count(&report, "\"level\": \"none\""), 1);
	CHECK_EQUAL(fixture_count(&report, "\"level\": "), 1);
	buffer_done(&report);
	REQUIRE(query_run(evidence_database(evidence), "UPDATE vulnerability SET status = 'fixed'") == DONE);
	REQUIRE(fixture_report(evidence, "sarif", 0, false, &report) == DONE);
	CHECK_EQUAL(fixture_count(&report, "\"level\": "), 0);
	buffer_done(&report);
	evidence_free(evidence);
}

TESTS(tells_exploited_matches_under_review_as_such,
      gives_each_severity_its_level_and_score, gives_the_line_that_a_finding_stands_on,
      says_that_an_exploited_vulnerability_is_an_error_without_a_line)
