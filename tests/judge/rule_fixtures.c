/* Every rule that a verdict or a grade rests on, on small evidence that it must and must not speak about. */
#include "harness.h"

#include "base/embedded.h"
#include "base/file.h"
#include "base/yaml.h"
#include "evidence/evidence.h"
#include "evidence/query.h"
#include "judge/catalog.h"
#include "judge/guard.h"

static const char *const topics[] = {
	"accounts",  "boot",	"conditions", "consoles", "cryptography",
	"hardening", "layers", "secrets", "services",   "updates",  "vulnerabilities",
};

struct coverage {
	struct arena arena;
	struct rules rules;
	bool *positive, *negative;
};

static struct span load(struct arena *arena, const char *path)
{
	struct file_view view;
	if (!file_view_open(harness_source(path), 1 << 20, &view)) {
		harness_fail(__FILE__, __LINE__, "cannot read %s", path);
		return SPAN_NONE;
	}
	struct span copy = arena_copy(arena, view.bytes);
	file_view_close(&view);
	return copy;
}

static void compare(const struct yaml *fixture, const struct rule_result *result, const char *topic)
{
	size_t i = 0;
	for (const struct yaml *row = yaml_first(yaml_member(fixture, "rows")); row; row = row->next, i++)
		if (i >= result->count || !span_equal(result->rows[i].detail, row->text))
			harness_fail(__FILE__, __LINE__, "%s.yaml:%u wants \"%.*s\", got \"%.*s\"", topic,
				     row->line, SPAN_FORMAT(row->text),
				     SPAN_FORMAT(i < result->count ? result->rows[i].detail
								   : SPAN_LITERAL("nothing")));
	if (i < result->count)
		harness_fail(__FILE__, __LINE__, "%s.yaml:%u got also \"%.*s\"", topic, fixture->line,
			     SPAN_FORMAT(result->rows[i].detail));
}

static void run_fixture(struct coverage *coverage, struct span base, const struct yaml *fixture,
			const char *topic)
{
	struct evidence *evidence;
	size_t index = rules_find(&coverage->rules, yaml_text(fixture, "rule"));
	char *sql = arena_text(&coverage->arena, yaml_text(fixture, "sql"));
	struct rule_result result = { 0 };
	if (index == SIZE_MAX || !sql || !yaml_member(fixture, "rows")) {
		harness_fail(__FILE__, __LINE__, "%s.yaml:%u names no rule, or lacks rows", topic,
			     fixture->line);
		return;
	}
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	if (query_run(database, (const char *)base.data) != DONE || query_run(database, sql) != DONE)
		harness_fail(__FILE__, __LINE__, "%s.yaml:%u: %s", topic, fixture->line,
			     sqlite3_errmsg(database));
	else if (guard_prepare(database) != DONE)
		harness_fail(__FILE__, __LINE__, "tables: %s", sqlite3_errmsg(database));
	CHECK(rule_run(database, &coverage->rules.all[index], &coverage->arena, &result) == DONE);
	if (result.failed)
		harness_fail(__FILE__, __LINE__, "%s.yaml:%u: %.*s", topic, fixture->line,
			     SPAN_FORMAT(result.error));
	else
		compare(fixture, &result, topic);
	*(result.count > 0 ? &coverage->positive[index] : &coverage->negative[index]) = true;
	evidence_free(evidence);
}

static void run_topics(struct coverage *coverage)
{
	struct span base = load(&coverage->arena, "tests/judge/rules/base.sql"), error = SPAN_NONE;
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
		char path[128];
		const struct yaml *list = NULL;
		(void)snprintf(path, sizeof path, "tests/judge/rules/%s.yaml", topics[i]);
		if (yaml_read(load(&coverage->arena, path), &coverage->arena, &list, &error) != DONE)
			harness_fail(__FILE__, __LINE__, "%s: %.*s", path, SPAN_FORMAT(error));
		for (const struct yaml *fixture = yaml_first(list); fixture; fixture = fixture->next)
			run_fixture(coverage, base, fixture, topics[i]);
	}
}

TEST(every_rule_speaks_when_it_should_and_only_then)
{
	struct coverage coverage = { 0 };
	struct span error = SPAN_NONE;
	arena_init(&coverage.arena, 256 << 20);
	if (rules_load(NULL, 0, &coverage.arena, &coverage.rules, &error) != DONE) {
		harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(error));
		return;
	}
	coverage.positive = ARENA_NEW(&coverage.arena, bool, coverage.rules.count);
	coverage.negative = ARENA_NEW(&coverage.arena, bool, coverage.rules.count);
	REQUIRE(coverage.positive && coverage.negative);
	run_topics(&coverage);
	for (size_t i = 0; i < coverage.rules.count; i++)
		if (!coverage.positive[i] || !coverage.negative[i])
			harness_fail(__FILE__, __LINE__, "the rule %.*s has no %s fixture",
				     SPAN_FORMAT(coverage.rules.all[i].id),
				     coverage.positive[i] ? "negative" : "positive");
	CHECK(coverage.rules.count > 50);
	arena_done(&coverage.arena);
}

TESTS(every_rule_speaks_when_it_should_and_only_then)
