#include "inspect/service_condition.h"

static struct way_step *add(struct way *way, enum way_kind kind)
{
	if (way->count == WAY_STEPS_MAX) {
		way->lost = true;
		return NULL;
	}
	way->steps[way->count] = (struct way_step){ .kind = kind };
	return &way->steps[way->count++];
}

void way_add_command(struct way *way, const struct shell_command *command)
{
	way->lost |= command->test_count == SHELL_TESTS_MAX || (command->conditional && command->test_count == 0);
	for (size_t i = command->test_count; i > 0; i--) {
		struct way_step *step = add(way, WAY_TEST);
		if (step)
			step->tests[step->test_count++] = command->tests[i - 1];
	}
}

void way_add_leave(struct way *way, const struct shell_command *command)
{
	struct way_step *step = add(way, WAY_LEFT);
	way->lost |= command->test_count == 0 || command->test_count == SHELL_TESTS_MAX;
	for (size_t i = 0; step && i < command->test_count; i++)
		step->tests[step->test_count++] = command->tests[i];
}

void way_add_each(struct way *way, struct span package, struct span type)
{
	struct way_step *step = add(way, WAY_EACH);
	if (step) {
		step->package = package;
		step->type = type;
	}
}

void way_append(struct way *way, const struct way *further)
{
	way->lost |= further->lost;
	for (size_t i = 0; i < further->count; i++) {
		struct way_step *step = add(way, further->steps[i].kind);
		if (step)
			*step = further->steps[i];
	}
}

struct statement {
	struct inspection *file;
	const struct condition_scope *scope;
	int64_t line, number;
	struct span service;
};

static void state(const struct statement *about, const struct condition *condition)
{
	enum { DETAIL_MAX = 200 };
	struct facts *facts = about->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_SERVICE_CONDITION);
	const char *source = condition_source_name(condition->source);
	fact_integer(fact, SERVICE_CONDITION_LINE, about->line);
	fact_text(facts, fact, SERVICE_CONDITION_SERVICE, about->service);
	fact_integer(fact, SERVICE_CONDITION_NUMBER, about->number);
	if (source) {
		fact_word(facts, fact, SERVICE_CONDITION_SOURCE, source);
		fact_text(facts, fact, SERVICE_CONDITION_NAME, condition->name);
		fact_word(facts, fact, SERVICE_CONDITION_OPERATOR, condition->operator);
		fact_text(facts, fact, SERVICE_CONDITION_VALUE, condition->value);
	}
	if (condition->fallback.data)
		fact_text(facts, fact, SERVICE_CONDITION_FALLBACK, condition->fallback);
	if (condition->text.size > 0)
		fact_text(facts, fact, SERVICE_CONDITION_DETAIL, span_slice(condition->text, 0, DETAIL_MAX));
	if (condition->holds >= 0)
		fact_integer(fact, SERVICE_CONDITION_HOLDS, condition->holds);
}

static void state_other(struct statement *about)
{
	state(about, &(struct condition){ .operator = "other", .holds = -1 });
	about->number++;
}

static void state_test(struct statement *about, const struct shell_test *test)
{
	struct condition conditions[CONDITIONS_MAX];
	bool any = false;
	size_t count = condition_read(about->scope, test, conditions, CONDITIONS_MAX, &any);
	for (size_t i = 0; i < count; i++) {
		state(about, &conditions[i]);
		about->number += !any;
	}
	about->number += any;
	if (test->partly)
		state_other(about);
}

/* One of the tests that lead to the leaving fails: alternatives, so each must be a single question. */
static void state_left(struct statement *about, const struct way_step *step)
{
	for (size_t i = 0; i < step->test_count; i++) {
		struct condition conditions[CONDITIONS_MAX];
		struct shell_test failed = step->tests[i];
		bool any = false, pattern = failed.pattern.data != NULL;
		failed.holds = !failed.holds;
		if (step->test_count == 1 && !pattern && !failed.partly) {
			state_test(about, &failed);
			return;
		}
		size_t count = condition_read(about->scope, &failed, conditions, CONDITIONS_MAX, &any);
		if ((count > 1 && !any) || pattern || failed.partly) {
			count = 1;
			conditions[0] = (struct condition){ .operator = "other", .holds = -1, .text = failed.text };
		}
		for (size_t at = 0; at < count; at++)
			state(about, &conditions[at]);
	}
	about->number++;
}

static void state_each(struct statement *about, const struct way_step *step)
{
	struct arena *arena = about->scope->arena;
	struct fact *fact = fact_new(about->file->facts, EVIDENCE_SERVICE_CONDITION);
	struct facts *facts = about->file->facts;
	fact_integer(fact, SERVICE_CONDITION_LINE, about->line);
	fact_text(facts, fact, SERVICE_CONDITION_SERVICE, about->service);
	fact_integer(fact, SERVICE_CONDITION_NUMBER, about->number++);
	if (step->package.size > 0) {
		fact_word(facts, fact, SERVICE_CONDITION_SOURCE, "uci section");
		fact_text(facts, fact, SERVICE_CONDITION_NAME,
			  arena_format(arena, "%.*s.@%.*s", SPAN_FORMAT(step->package), SPAN_FORMAT(step->type)));
		fact_word(facts, fact, SERVICE_CONDITION_OPERATOR, "=");
		fact_word(facts, fact, SERVICE_CONDITION_VALUE, "there");
	}
}

void way_state(struct inspection *file, const struct condition_scope *scope, const struct way *way, int64_t line,
	       struct span service, int64_t *number)
{
	struct statement about = { .file = file, .scope = scope, .line = line, .number = *number + 1, .service = service };
	for (size_t i = 0; i < way->count; i++) {
		const struct way_step *step = &way->steps[i];
		if (step->kind == WAY_TEST)
			state_test(&about, &step->tests[0]);
		else if (step->kind == WAY_LEFT)
			state_left(&about, step);
		else
			state_each(&about, step);
	}
	if (way->lost)
		state_other(&about);
	*number = about.number;
}
