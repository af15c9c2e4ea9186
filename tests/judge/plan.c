/* The order of a plan, over rungs that are made here. */
#include "judge/plan.h"

#include "harness.h"
#include "judge/judge.h"

/* A disproved requirement: its fact, the advice, how bad it is, and whether the maker declares otherwise. */
struct step {
	const char *id, *fact, *advice;
	enum severity severity;
	bool contradicted, proven;
};

static void check_plan(const struct step *steps, size_t count, const char *want)
{
	struct requirement asked[8] = { 0 };
	struct rung rungs[8] = { 0 };
	struct arena arena;
	struct plan plan;
	char got[256] = "";
	arena_init(&arena, 1 << 20);
	struct judging judging = { .arena = &arena };
	for (size_t i = 0; i < count; i++) {
		asked[i].id = span_of_text(steps[i].id);
		rungs[i] = (struct rung){ .grade = 1, .asked = &asked[i], .requirement = asked[i].id, .least = SEVERITY_MEDIUM };
		rungs[i].weighed = (struct weighed){
			.verdict = steps[i].proven ? VERDICT_SHOWN : VERDICT_FAILED, .contradicted = steps[i].contradicted,
			.fact = span_of_text(steps[i].fact), .advice = span_of_text(steps[i].advice), .severity = steps[i].severity,
		};
	}
	CHECK_EQUAL(plan_make(&judging, &(struct ladder){ .rungs = rungs, .count = count }, 1, &plan), DONE);
	for (size_t i = 0; i < plan.count; i++)
		(void)snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s[%.*s] ", SPAN_FORMAT(plan.mendings[i].fact),
			       SPAN_FORMAT(plan.mendings[i].names));
	CHECK_TEXT(span_of_text(got), want);
	arena_done(&arena);
}
#define CHECK_PLAN(steps, want) check_plan(steps, sizeof(steps) / sizeof *(steps), want)

TEST(declared_otherwise_then_the_worst_then_what_mends_most)
{
	const struct step steps[] = {
		{ "1", "few", "A", SEVERITY_MEDIUM, false, false },    { "2", "many", "B", SEVERITY_MEDIUM, false, false },
		{ "3", "many", "B", SEVERITY_MEDIUM, false, false },   { "4", "worst", "C", SEVERITY_CRITICAL, false, false },
		{ "5", "declared", "D", SEVERITY_MEDIUM, true, false }, { "6", "proven", "E", SEVERITY_CRITICAL, false, true },
		{ "7", "style", "F", SEVERITY_LOW, false, false },
	};
	CHECK_PLAN(steps, "declared[5] worst[4] many[2; 3] few[1] ");
}

TEST(facts_of_one_remedy_stand_together)
{
	const struct step steps[] = {
		{ "1", "first", "A", SEVERITY_HIGH, false, false },
		{ "2", "other", "B", SEVERITY_HIGH, false, false },
		{ "3", "second", "A", SEVERITY_MEDIUM, false, false },
	};
	CHECK_PLAN(steps, "first[1] second[3] other[2] ");
}

TESTS(declared_otherwise_then_the_worst_then_what_mends_most, facts_of_one_remedy_stand_together)
