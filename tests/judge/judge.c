#include "harness.h"

#include "base/file.h"
#include "evidence/query.h"
#include "judge/judge.h"
#include "judge/product.h"

static struct arena arena;
static struct evidence *evidence;
static struct span error;

/* Evidence of the little image of the rule tests, with more facts. */
static bool open_with(const char *sql)
{
	struct file_view view;
	arena_init(&arena, 32 << 20);
	error = SPAN_NONE;
	if (evidence_new(&evidence) != DONE ||
	    !file_view_open(harness_source("tests/judge/rules/base.sql"), 1 << 20, &view))
		return false;
	char *base = arena_text(&arena, view.bytes);
	file_view_close(&view);
	sqlite3 *database = evidence_database(evidence);
	return base && query_run(database, base) == DONE && query_run(database, sql) == DONE;
}

static void close_all(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static int64_t number(const char *sql)
{
	return query_number(evidence_database(evidence), sql);
}

static struct span text(const char *sql)
{
	struct query query = query_start(evidence_database(evidence), sql);
	struct span out = query_next(&query) ? arena_copy(&arena, query_text(&query, 0))
					     : SPAN_LITERAL("(no row)");
	CHECK(query_end(&query) == DONE);
	return out;
}

static const char telnet[] =
	"INSERT INTO service (file, line, name, program, arguments, protocol, starter, enabled, user, program_present)"
	" VALUES (4, 14, 'telnetd', '/usr/sbin/telnetd', '', 'telnet', 'rc script', 1, "
	"NULL, 1)";

TEST(gives_every_requirement_a_verdict_with_its_evidence)
{
	REQUIRE(open_with(telnet));
	CHECK(query_run(evidence_database(evidence),
			"INSERT INTO kernel VALUES (9, '6.6.1', '6.6.1', NULL, NULL, NULL, 'banner')") == DONE);
	REQUIRE(judge(evidence, NULL, &arena, &error) == DONE);
	CHECK_EQUAL(number("SELECT count(*) FROM requirement WHERE catalog = 'xiaomi-2.0'"), 69);
	CHECK_EQUAL(number("SELECT count(*) FROM verdict WHERE catalog = 'xiaomi-2.0'"), 69);
	CHECK_EQUAL(number("SELECT count(*) FROM verdict WHERE verdict = 'error'"), 0);
	CHECK_EQUAL(number("SELECT count(*) FROM note WHERE code = 'judge.rule'"), 0);
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE requirement = '2.2'"), "failed");
	CHECK_TEXT(text("SELECT reason FROM verdict WHERE requirement = '2.2'"),
		   "telnetd is started at boot (/etc/init.d/rcS:14)");
	CHECK_TEXT(text("SELECT rule || ' ' || role || ' ' || path || ':' || line FROM verdict_evidence "
			"WHERE requirement = '2.2'"),
		   "service-telnet fails /etc/init.d/rcS:14");
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE requirement = '3.2.3'"), "shown");
	CHECK_TEXT(text("SELECT reason FROM verdict WHERE requirement = '1.1.2'"),
		   "no image can decide it, and product.yaml does not declare it");
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE requirement = '1.3'"), "unproven");
	CHECK_EQUAL(number("SELECT count(*) FROM requirement WHERE id = '1.3' AND level IS NULL"), 1);
	CHECK_TEXT(text("SELECT severity || ' ' || detail FROM finding WHERE rule = 'service-telnet'"),
		   "critical telnetd is started at boot");
	CHECK_EQUAL(number("SELECT count(*) FROM finding WHERE severity = 'info'"), 0);
	CHECK(number("SELECT count(*) FROM requirement_mapping WHERE requirement = '2.2' AND publication = "
		     "'ETSI EN 303 645 v3.1.3'") > 0);
	close_all();
}

TEST(sets_declarations_against_the_image)
{
	REQUIRE(open_with(telnet));
	REQUIRE(product_read(evidence, SPAN_LITERAL("product.yaml"),
			     SPAN_LITERAL("services: { minimal: true }\n"
					  "requirements:\n"
					  "  1.1.2: { declared: true, evidence: board photo 2026-03 }\n"
					  "  1.3: { declared: false }\n"
					  "  6.1: { applies: false, reason: it has no binding }\n"
					  "  4.1.2: { applies: false }\n"
					  "product: { category: router }\n"),
			     &arena, &error) == DONE);
	REQUIRE(judge(evidence, NULL, &arena, &error) == DONE);
	CHECK_TEXT(
		text("SELECT verdict || contradicted || declaration FROM verdict WHERE requirement = '2.2'"),
		"failed1services.minimal");
	CHECK_TEXT(text("SELECT reason FROM verdict WHERE requirement = '2.2'"),
		   "product.yaml line 1 declares services.minimal: true, but telnetd is started at boot "
		   "(/etc/init.d/rcS:14)");
	CHECK_TEXT(text("SELECT verdict || ': ' || reason FROM verdict WHERE requirement = '1.1.2'"),
		   "declared: declared in product.yaml line 3 (requirements.1.1.2.declared: true): board "
		   "photo 2026-03");
	CHECK_TEXT(text("SELECT verdict || ': ' || reason FROM verdict WHERE requirement = '1.3'"),
		   "unproven: declared as not met in product.yaml line 4 (requirements.1.3.declared: false)");
	CHECK_TEXT(text("SELECT verdict || ': ' || reason FROM verdict WHERE requirement = '6.1'"),
		   "not-applicable: declared as not applicable in product.yaml line 5 "
		   "(requirements.6.1.applies: false): "
		   "it has no binding");
	CHECK_TEXT(text("SELECT verdict || contradicted FROM verdict WHERE requirement = '4.1.2'"),
		   "failed1");
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE requirement = '1.7'"), "not-applicable");
	close_all();
}

static const char house_rules[] =
	"- {id: house-many, title: Many, severity: low, sql: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
	"SELECT i + 1 "
	"FROM n WHERE i < 60) SELECT NULL AS path, NULL AS line, i AS detail FROM n'}\n"
	"- {id: house-broken, title: Broken, severity: low, sql: SELECT detail FROM nowhere}\n";
static const char house_catalog[] =
	"{id: house, title: House, requirements: [{id: a, title: A, failed_by: [house-many]}, "
	"{id: b, title: B, failed_by: [house-broken]}, {id: c, title: C, failed_by: [house-many, "
	"house-broken]}]}\n";

TEST(judges_by_house_rules_and_says_which_cannot_run)
{
	const struct judge_source rules = { SPAN_LITERAL("house.yaml"), span_of_text(house_rules) };
	const struct judge_source catalog = { SPAN_LITERAL("house-catalog.yaml"),
					      span_of_text(house_catalog) };
	const struct judge_options options = { &rules, 1, &catalog, 1 };
	REQUIRE(open_with(telnet));
	REQUIRE(judge(evidence, &options, &arena, &error) == DONE);
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE catalog = 'house' AND requirement = 'a'"),
		   "failed");
	CHECK_TEXT(text("SELECT reason FROM verdict WHERE catalog = 'house' AND requirement = 'b'"),
		   "the rule house-broken could not run: no such table: nowhere");
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE catalog = 'house' AND requirement = 'b'"),
		   "error");
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE catalog = 'house' AND requirement = 'c'"),
		   "failed");
	CHECK_EQUAL(number("SELECT count(*) FROM note WHERE code = 'judge.rule' AND severity = 'error'"), 1);
	CHECK_EQUAL(number("SELECT count(*) FROM finding WHERE rule = 'house-many'"), RULE_ROWS_MAX + 1);
	CHECK_EQUAL(number("SELECT count(*) FROM finding WHERE detail = 'and 10 more like these'"), 1);
	close_all();
}

TEST(judging_again_gives_the_same)
{
	struct buffer first;
	buffer_init(&first, 64 << 20, NULL);
	REQUIRE(open_with(telnet));
	REQUIRE(judge(evidence, NULL, &arena, &error) == DONE);
	struct span before = text("SELECT group_concat(requirement || verdict || reason) FROM verdict");
	int64_t rows = number(
		"SELECT (SELECT count(*) FROM finding) + (SELECT count(*) FROM verdict_evidence) + "
		"(SELECT count(*) FROM grade_reason) + (SELECT count(*) FROM requirement_mapping)");
	REQUIRE(judge(evidence, NULL, &arena, &error) == DONE);
	CHECK(span_equal(before, text("SELECT group_concat(requirement || verdict || reason) FROM verdict")));
	CHECK_EQUAL(
		number("SELECT (SELECT count(*) FROM finding) + (SELECT count(*) FROM verdict_evidence) + "
		       "(SELECT count(*) FROM grade_reason) + (SELECT count(*) FROM requirement_mapping)"),
		rows);
	/* The tables of the rules are temporary: a saved database does not hold them. */
	REQUIRE(evidence_save(evidence, &first) == DONE);
	CHECK(span_find_text(buffer_span(&first), "root_volume", 0) == SPAN_NOT_FOUND);
	buffer_done(&first);
	close_all();
}

TEST(a_bad_house_file_changes_nothing)
{
	const struct judge_source bad = { SPAN_LITERAL("bad.yaml"), SPAN_LITERAL("- {id: x}\n") };
	const struct judge_options options = { .rules = &bad, .rule_files = 1 };
	REQUIRE(open_with(telnet));
	REQUIRE(judge(evidence, NULL, &arena, &error) == DONE);
	CHECK(judge(evidence, &options, &arena, &error) == MALFORMED);
	CHECK_TEXT(error, "bad.yaml line 1: a rule needs a title: x");
	CHECK_EQUAL(number("SELECT count(*) FROM verdict WHERE catalog = 'xiaomi-2.0'"), 69);
	close_all();
}

TESTS(gives_every_requirement_a_verdict_with_its_evidence, sets_declarations_against_the_image,
      judges_by_house_rules_and_says_which_cannot_run, judging_again_gives_the_same,
      a_bad_house_file_changes_nothing)
