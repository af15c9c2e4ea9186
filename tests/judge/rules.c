#include "harness.h"

#include "evidence/evidence.h"
#include "evidence/query.h"
#include "judge/guard.h"
#include "judge/rules.h"

struct bench {
	struct evidence *evidence;
	sqlite3 *database;
	struct arena arena;
	struct rule_result result;
};

static bool open_bench(struct bench *bench)
{
	*bench = (struct bench){ 0 };
	arena_init(&bench->arena, 64 << 20);
	if (evidence_new(&bench->evidence) != DONE)
		return false;
	bench->database = evidence_database(bench->evidence);
	return guard_prepare(bench->database) == DONE;
}

static void close_bench(struct bench *bench)
{
	evidence_free(bench->evidence);
	arena_done(&bench->arena);
}

static const struct rule_result *run(struct bench *bench, const char *sql)
{
	struct rule rule = { .id = SPAN_LITERAL("test"), .sql = sql };
	CHECK(rule_run(bench->database, &rule, &bench->arena, &bench->result) == DONE);
	return &bench->result;
}

TEST(sorts_rows_and_drops_repeats)
{
	struct bench bench;
	REQUIRE(open_bench(&bench));
	const struct rule_result *got = run(
		&bench, "SELECT '/b' AS path, 2 AS line, 'x' AS detail UNION ALL "
			"SELECT '/b', 1, 'x' UNION ALL SELECT '/a', 9, 'y' UNION ALL "
			"SELECT '/b', 1, 'x' UNION ALL SELECT NULL, NULL, 'z' -- a comment");
	CHECK(!got->failed);
	REQUIRE(got->count == 4);
	CHECK(!got->rows[0].path.data);
	CHECK_TEXT(got->rows[1].path, "/a");
	CHECK_EQUAL(got->rows[2].line, 1);
	CHECK_EQUAL(got->rows[3].line, 2);
	CHECK_EQUAL(got->more, 0);
	close_bench(&bench);
}

TEST(counts_what_it_leaves_out)
{
	struct bench bench;
	REQUIRE(open_bench(&bench));
	const struct rule_result *got = run(
		&bench, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
			"i < 137) SELECT '/f' AS path, i AS line, 'x' AS detail FROM n");
	CHECK_EQUAL(got->count, RULE_ROWS_MAX);
	CHECK_EQUAL(got->more, 137 - RULE_ROWS_MAX);
	close_bench(&bench);
}

TEST(refuses_everything_but_reading)
{
	static const char *const bad[] = {
		"DELETE FROM file",
		"SELECT 1 AS path); DELETE FROM file; --",
		"SELECT random() AS path, 1 AS line, '' AS detail",
		"SELECT datetime('now') AS path, 1 AS line, '' AS detail",
		"SELECT CURRENT_TIMESTAMP AS path, 1 AS line, '' AS detail",
		"SELECT load_extension('/tmp/x.so') AS path, 1 AS line, '' AS detail",
		"SELECT name AS path, 1 AS line, '' AS detail FROM pragma_database_list",
		"SELECT path FROM file",
		"SELECT path, 1 AS line, nothing AS detail FROM file",
	};
	struct bench bench;
	REQUIRE(open_bench(&bench));
	REQUIRE(query_run(bench.database,
			  "INSERT INTO volume (id, format, offset, size, state) VALUES (1,'raw',0,1,'read');"
			  "INSERT INTO file (id, volume, path, type, size, state) VALUES "
			  "(1,1,'/a','file',1,'read')") == DONE);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct rule_result *got = run(&bench, bad[i]);
		if (!got->failed || got->error.size == 0)
			harness_fail(__FILE__, __LINE__, "ran: %s", bad[i]);
	}
	CHECK_EQUAL(query_number(bench.database, "SELECT count(*) FROM file"), 1);
	/* The guard is gone afterwards. */
	CHECK(query_run(bench.database, "DELETE FROM file") == DONE);
	close_bench(&bench);
}

TEST(ends_what_would_run_forever)
{
	struct bench bench;
	REQUIRE(open_bench(&bench));
	const struct rule_result *got = run(&bench,
					    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
					    "SELECT NULL AS path, 1 AS line, max(i) AS detail FROM n");
	CHECK(got->failed);
	CHECK_TEXT(got->error, "it takes too long");
	close_bench(&bench);
}

TEST(matches_regular_expressions)
{
	struct bench bench;
	REQUIRE(open_bench(&bench));
	CHECK_EQUAL(query_number(bench.database, "SELECT 'telnetd' REGEXP '^u?telnetd$'"), 1);
	CHECK_EQUAL(query_number(bench.database, "SELECT 'telnetd2' REGEXP '^u?telnetd$'"), 0);
	CHECK_EQUAL(query_number(bench.database, "SELECT ('x' REGEXP NULL) IS NULL"), 1);
	CHECK(run(&bench, "SELECT NULL AS path, 1 AS line, 'x' AS detail WHERE 'x' REGEXP '('")->failed);
	CHECK(run(&bench, "SELECT NULL AS path, 1 AS line, 'x' AS detail WHERE "
			  "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' REGEXP '^(a+)+$'")
		      ->failed);
	close_bench(&bench);
}

static void check_error(const char *text, const char *want)
{
	struct arena arena;
	struct rules rules;
	struct span error = SPAN_NONE;
	struct judge_source source = { SPAN_LITERAL("house.yaml"), span_of_text(text) };
	arena_init(&arena, 64 << 20);
	CHECK(rules_load(&source, 1, &arena, &rules, &error) == MALFORMED);
	CHECK_TEXT(error, want);
	arena_done(&arena);
}

TEST(says_what_is_wrong_with_a_house_rule)
{
	check_error("rules: x\n", "house.yaml line 1: a rule file is a list of rules");
	check_error("- id: Bad Id\n",
		    "house.yaml line 1: a rule needs an id of small letters, digits and hyphens: Bad Id");
	check_error("- id: x\n  severity: low\n  sql: SELECT 1\n",
		    "house.yaml line 1: a rule needs a title: x");
	check_error("- id: x\n  title: t\n  severity: dire\n  sql: SELECT 1\n",
		    "house.yaml line 1: severity must be critical, high, medium, low or info: x");
	check_error("\n- id: x\n  title: t\n  severity: low\n", "house.yaml line 2: a rule needs sql: x");
	check_error("- id: x\n  title: t\n  severity: low\n  need: [root]\n  sql: SELECT 1\n",
		    "house.yaml line 4: a rule has id, title, severity, advice, needs, kinds and sql, not: need");
	check_error("- id: programs-not-pie\n  title: t\n  severity: low\n  sql: SELECT 1\n",
		    "house.yaml line 1: a rule with this id exists already: programs-not-pie");
	check_error("- [\n", "house.yaml line 2: did not find expected node content");
}

TEST(finds_house_rules_beside_ours)
{
	struct arena arena;
	struct rules rules;
	struct span error = SPAN_NONE;
	struct judge_source source = {
		SPAN_LITERAL("house.yaml"),
		SPAN_LITERAL("- id: house\n  title: t\n  severity: low\n  sql: 'SELECT 1 ; '\n")
	};
	arena_init(&arena, 64 << 20);
	REQUIRE(rules_load(&source, 1, &arena, &rules, &error) == DONE);
	size_t index = rules_find(&rules, SPAN_LITERAL("house"));
	REQUIRE(index != SIZE_MAX);
	CHECK_TEXT(span_of_text(rules.all[index].sql), "SELECT 1");
	CHECK(rules_find(&rules, SPAN_LITERAL("boot-unsigned")) != SIZE_MAX);
	CHECK(rules_find(&rules, SPAN_LITERAL("nothing")) == SIZE_MAX);
	arena_done(&arena);
}

TESTS(sorts_rows_and_drops_repeats, counts_what_it_leaves_out, refuses_everything_but_reading,
      ends_what_would_run_forever, matches_regular_expressions, says_what_is_wrong_with_a_house_rule,
      finds_house_rules_beside_ours)
