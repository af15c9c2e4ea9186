#include "judge/ladder.h"

#include "base/embedded.h"

enum { RUNGS_MAX = 8192 };

static const struct span file_name = { (const uint8_t *)"grade/ladder.yaml", sizeof "grade/ladder.yaml" - 1 };

struct builder {
	const struct judging *judging;
	const struct catalog *catalog;
	struct ladder *ladder;
	struct span *error;
	int64_t grade;
	enum severity least;
};

static enum outcome fail(struct builder *builder, uint32_t line, const char *what)
{
	*builder->error = arena_format(builder->judging->arena, "%.*s line %u: %s", SPAN_FORMAT(file_name),
				       line, what);
	return MALFORMED;
}

static bool has(const struct builder *builder, const struct requirement *asked)
{
	for (size_t i = 0; i < builder->ladder->count; i++)
		if (builder->ladder->rungs[i].asked == asked &&
		    builder->ladder->rungs[i].grade == builder->grade)
			return true;
	return false;
}

/* Adds a rung; where only what is disproved counts, others are left out. */
static enum outcome add(struct builder *builder, const struct requirement *asked, bool criterion,
			struct span level, bool only_disproved)
{
	struct rung rung = { .grade = builder->grade, .asked = asked, .level = level };
	rung.least = criterion ? SEVERITY_INFO : builder->least;
	if (has(builder, asked))
		return DONE;
	TRY(weigh(builder->judging, asked, &rung.weighed));
	if (only_disproved && rung.weighed.verdict != VERDICT_FAILED)
		return DONE;
	if (!criterion) {
		rung.requirement = arena_format(builder->judging->arena, "%.*s %.*s",
						SPAN_FORMAT(builder->catalog->id), SPAN_FORMAT(asked->id));
		if (!rung.requirement.data)
			return NO_MEMORY;
	}
	if (builder->ladder->count == RUNGS_MAX)
		return OVER_BUDGET;
	builder->ladder->rungs[builder->ladder->count++] = rung;
	return DONE;
}

static enum outcome add_level(struct builder *builder, struct span level, bool only_disproved)
{
	for (size_t i = 0; level.size > 0 && i < builder->catalog->count; i++) {
		const struct requirement *asked = &builder->catalog->requirements[i];
		if (span_equal(asked->level, level))
			TRY(add(builder, asked, false, level, only_disproved));
	}
	return DONE;
}

static enum outcome add_criteria(struct builder *builder, const struct yaml *list)
{
	for (const struct yaml *node = yaml_first(list); node; node = node->next) {
		struct requirement *criterion = ARENA_NEW(builder->judging->arena, struct requirement, 1);
		if (!criterion)
			return NO_MEMORY;
		TRY(requirement_read(node, file_name, &builder->judging->rules, builder->judging->arena,
				     criterion, builder->error));
		criterion->id = SPAN_NONE; /* only its own key declares it, never requirements.<id> */
		TRY(add(builder, criterion, true, SPAN_NONE, false));
	}
	return DONE;
}

static enum outcome add_named(struct builder *builder, const struct yaml *list)
{
	for (const struct yaml *node = yaml_first(list); node; node = node->next) {
		const struct requirement *asked = catalog_find(builder->catalog, node->text);
		if (!asked)
			return fail(builder, node->line, "the catalogue has no requirement of this id");
		TRY(add(builder, asked, false, SPAN_NONE, false));
	}
	return DONE;
}

static enum outcome add_grade(struct builder *builder, const struct yaml *node)
{
	uint64_t grade;
	if (!span_to_number(yaml_text(node, "grade"), GRADE_MAX, &grade) || grade == 0)
		return fail(builder, node->line, "a grade needs a number from 1 to 5");
	builder->grade = (int64_t)grade;
	builder->least = severity_named(yaml_text(node, "least"));
	TRY(add_criteria(builder, yaml_member(node, "criteria")));
	TRY(add_level(builder, yaml_text(node, "not_disproved"), true));
	TRY(add_level(builder, yaml_text(node, "level"), false));
	return add_named(builder, yaml_member(node, "requirements"));
}

enum outcome ladder_weigh(const struct judging *judging, const struct catalogs *catalogs, struct ladder *out,
			  struct span *error)
{
	struct builder builder = { .judging = judging, .ladder = out, .error = error };
	const struct yaml *root;
	TRY(yaml_read(embedded("grade/ladder.yaml"), judging->arena, &root, error));
	for (size_t i = 0; i < catalogs->count; i++)
		if (span_equal(catalogs->all[i].id, yaml_text(root, "catalog")))
			builder.catalog = &catalogs->all[i];
	if (!builder.catalog)
		return fail(&builder, root->line,
			    "there is no catalogue of the name that the ladder asks for");
	*out = (struct ladder){ .judged = kinds_include(&builder.catalog->kinds, judging->scopes.kind) };
	if (!out->judged)
		return DONE;
	out->rungs = ARENA_NEW(judging->arena, struct rung, RUNGS_MAX);
	if (!out->rungs)
		return NO_MEMORY;
	for (const struct yaml *node = yaml_first(yaml_member(root, "grades")); node; node = node->next)
		TRY(add_grade(&builder, node));
	return DONE;
}
