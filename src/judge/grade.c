#include "judge/grade.h"

#include "evidence/query.h"
#include "judge/plan.h"

/* How a step begins that asks for a line in product.yaml. */
#define DECLARE "Declare in product.yaml "

struct writer {
	const struct judging *judging;
	struct ladder ladder;
	struct query insert;
	int64_t ordinal;
};

/* The highest grade below the first that asks for something that does not hold. */
static int64_t level_of(const struct ladder *ladder, bool only_disproved)
{
	int64_t level = GRADE_MAX;
	for (size_t i = 0; i < ladder->count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		if ((rung_disproved(rung) || (!only_disproved && rung_open(rung))) && rung->grade <= level)
			level = rung->grade - 1;
	}
	return level;
}

static enum outcome write_parts(struct writer *writer, const char *kind, int64_t level, const struct mending *parts)
{
	struct span text = parts->text;
	if (!text.data)
		return NO_MEMORY;
	query_bind_integer(&writer->insert, 1, ++writer->ordinal);
	query_bind_text(&writer->insert, 2, span_of_text(kind));
	query_bind_integer(&writer->insert, 3, level);
	query_bind_text(&writer->insert, 4, text);
	if (parts->requirement.size > 0)
		query_bind_text(&writer->insert, 5, parts->requirement);
	if (parts->fact.size > 0) {
		query_bind_text(&writer->insert, 6, parts->fact);
		query_bind_text(&writer->insert, 7, parts->advice);
		query_bind_text(&writer->insert, 8, parts->names);
	}
	query_bind_integer(&writer->insert, 9, parts->contradicts);
	(void)query_next(&writer->insert);
	int result = writer->insert.result;
	query_rewind(&writer->insert);
	return result == SQLITE_DONE ? DONE : MALFORMED;
}

static enum outcome write_reason(struct writer *writer, const char *kind, int64_t level, struct span text,
				 struct span requirement)
{
	return write_parts(writer, kind, level, &(struct mending){ .text = text, .requirement = requirement });
}

static struct span name_of(const struct writer *writer, const struct rung *rung)
{
	if (rung->requirement.size == 0)
		return rung->asked->title;
	return arena_format(writer->judging->arena, "%.*s %.*s", SPAN_FORMAT(rung->asked->id),
			    SPAN_FORMAT(rung->asked->title));
}

/* A rung that stands in the way, in a sentence. */
static struct span obstacle(const struct writer *writer, const struct rung *rung)
{
	struct span name = name_of(writer, rung);
	const char *how = rung_disproved(rung)			   ? "disproved: "
			  : rung->weighed.verdict == VERDICT_ERROR ? "could not be judged: "
								   : "";
	return arena_format(writer->judging->arena, "%.*s: %s%.*s", SPAN_FORMAT(name), how,
			    SPAN_FORMAT(rung->weighed.reason));
}

/* Requirements of a level that are only unproven are told together: there can be dozens. */
static bool is_told_together(const struct rung *rung)
{
	return rung->weighed.verdict == VERDICT_UNPROVEN && rung->level.size > 0;
}

/* The ids of those, "2.3, 3.1.3", and how many they are. */
static struct span ids_together(const struct writer *writer, int64_t grade, size_t *count, struct span *level)
{
	struct arena *arena = writer->judging->arena;
	struct span ids = SPAN_LITERAL("");
	*count = 0;
	for (size_t i = 0; i < writer->ladder.count; i++) {
		const struct rung *rung = &writer->ladder.rungs[i];
		if (rung->grade != grade || !is_told_together(rung))
			continue;
		ids = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(ids), *count ? ", " : "",
				   SPAN_FORMAT(rung->asked->id));
		*level = rung->level;
		++*count;
	}
	return ids;
}

static enum outcome write_together(struct writer *writer, bool as_step, int64_t grade)
{
	struct arena *arena = writer->judging->arena;
	size_t count;
	struct span level = SPAN_NONE, ids = ids_together(writer, grade, &count, &level);
	if (count == 0)
		return DONE;
	const char *plural = count == 1 ? "" : "s";
	if (as_step)
		return write_reason(writer, "step", grade,
				    arena_format(arena,
						 "Show or declare %zu more requirement%s of level %.*s: %.*s",
						 count, plural, SPAN_FORMAT(level), SPAN_FORMAT(ids)),
				    SPAN_NONE);
	return write_reason(writer, "blocks", grade,
			    arena_format(arena,
					 "%zu requirement%s of level %.*s neither shown nor declared: %.*s",
					 count, plural, SPAN_FORMAT(level), SPAN_FORMAT(ids)),
			    SPAN_NONE);
}

/* Order of urgency; told in passes. */
enum pass { CONTRADICTED, DISPROVED_CRITERION, DISPROVED, OPEN, PASSES };

static bool belongs(const struct rung *rung, enum pass pass)
{
	bool disproved = rung_disproved(rung), criterion = rung->requirement.size == 0;
	switch (pass) {
	case CONTRADICTED:
		return disproved && rung->weighed.contradicted;
	case DISPROVED_CRITERION:
		return disproved && !rung->weighed.contradicted && criterion;
	case DISPROVED:
		return disproved && !rung->weighed.contradicted && !criterion;
	default:
		return rung_open(rung) && !is_told_together(rung);
	}
}

/* Those of one pass and one severity; what is open has none. */
static enum outcome write_obstacles_of(struct writer *writer, const char *kind, int64_t grade, enum pass pass,
				       enum severity severity)
{
	for (size_t i = 0; i < writer->ladder.count; i++) {
		const struct rung *rung = &writer->ladder.rungs[i];
		if (rung->grade == grade && belongs(rung, pass) && rung->weighed.severity == severity)
			TRY(write_reason(writer, kind, grade, obstacle(writer, rung), rung->requirement));
	}
	return DONE;
}

static enum outcome write_obstacles(struct writer *writer, const char *kind, int64_t grade,
				    bool only_disproved)
{
	for (enum pass pass = CONTRADICTED; pass < (only_disproved ? OPEN : PASSES); pass++)
		for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--)
			TRY(write_obstacles_of(writer, kind, grade, pass, (enum severity)severity));
	return only_disproved ? DONE : write_together(writer, false, grade);
}

/* What the rules say that is missing, where the criterion has such rules. */
static struct span missing(const struct writer *writer, struct rule_list list)
{
	const struct judging *judging = writer->judging;
	struct span text = SPAN_NONE;
	for (size_t i = 0; i < list.count; i++) {
		const struct rule_result *result = &judging->results[list.all[i]];
		for (size_t j = 0; j < result->count; j++)
			text = arena_format(judging->arena, "%.*s%s%.*s", SPAN_FORMAT(text), j || text.size ? "; " : "",
					    SPAN_FORMAT(result->rows[j].detail));
	}
	return text;
}

static struct span opening(const struct writer *writer, const struct rung *rung)
{
	struct span said = missing(writer, rung->asked->step_by);
	if (rung->weighed.verdict == VERDICT_UNPROVEN && said.size > 0)
		return said;
	if (rung->weighed.verdict == VERDICT_UNPROVEN && rung->asked->step.size > 0)
		return rung->asked->step;
	struct span name = name_of(writer, rung);
	return arena_format(writer->judging->arena, "%s %.*s",
			    rung->weighed.verdict == VERDICT_ERROR ? "Repair the rule that judges"
								   : "Show or declare",
			    SPAN_FORMAT(name));
}

/* A criterion that a line in product.yaml is all it needs: its step says what to declare. */
static bool is_only_declared(const struct rung *rung)
{
	return rung_open(rung) && span_starts_text(rung->asked->step, DECLARE) && rung->asked->step_by.count == 0;
}

/* Those of a grade in one sentence. */
static struct span declaring(struct writer *writer, int64_t grade)
{
	struct span text = SPAN_LITERAL(DECLARE);
	size_t count = 0;
	for (size_t i = 0; i < writer->ladder.count; i++) {
		struct rung *rung = &writer->ladder.rungs[i];
		if (rung->grade != grade || rung->told || !belongs(rung, OPEN) || !is_only_declared(rung))
			continue;
		rung->told = true;
		text = arena_format(writer->judging->arena, "%.*s%s%.*s", SPAN_FORMAT(text), count++ ? "; " : "",
				    SPAN_FORMAT(span_from(rung->asked->step, sizeof DECLARE - 1)));
	}
	return text;
}

/* What is open: what product.yaml can say, and what rules say that is missing. */
static enum outcome write_open_steps(struct writer *writer, int64_t grade)
{
	for (size_t i = 0; i < writer->ladder.count; i++) {
		struct rung *rung = &writer->ladder.rungs[i];
		if (rung->grade != grade || rung->told || !belongs(rung, OPEN))
			continue;
		struct span text = is_only_declared(rung) ? declaring(writer, grade) : opening(writer, rung);
		TRY(write_reason(writer, "step", grade, text, rung->requirement));
	}
	return write_together(writer, true, grade);
}

static enum outcome write_steps(struct writer *writer, int64_t grade)
{
	struct plan plan;
	TRY(plan_make(writer->judging, &writer->ladder, grade, &plan));
	for (size_t i = 0; i < plan.count; i++)
		TRY(write_parts(writer, "step", grade, &plan.mendings[i]));
	if (plan.rest.size > 0)
		TRY(write_reason(writer, "step", grade, plan.rest, SPAN_NONE));
	return write_open_steps(writer, grade);
}

static enum outcome write_grade(sqlite3 *database, int64_t level, int64_t ceiling)
{
	struct query query = query_start(database, "INSERT INTO grade (level, ceiling) VALUES (?1, ?2)");
	query_bind_integer(&query, 1, level);
	query_bind_integer(&query, 2, ceiling);
	(void)query_next(&query);
	return query_end(&query);
}

/* What it is, and what of it was not read. */
static enum outcome write_device(const struct judging *judging, bool judged)
{
	const struct scopes *scopes = &judging->scopes;
	struct query query = query_start(evidence_database(judging->evidence),
					 "INSERT INTO device (kind, words, judged, unread) VALUES (?1, ?2, ?3, ?4)");
	query_bind_text(&query, 1, scopes->kind);
	query_bind_text(&query, 2, scopes->words);
	query_bind_integer(&query, 3, judged);
	if (scopes->unread.size > 0)
		query_bind_text(&query, 4, scopes->unread);
	(void)query_next(&query);
	return query_end(&query);
}

static enum outcome write_reasons(struct writer *writer, int64_t level, int64_t ceiling)
{
	if (level < GRADE_MAX)
		TRY(write_obstacles(writer, "blocks", level + 1, false));
	if (ceiling < GRADE_MAX)
		TRY(write_obstacles(writer, "ceiling", ceiling + 1, true));
	if (writer->judging->scopes.unread.size > 0)
		TRY(write_reason(writer, "unread", ceiling,
				 arena_format(writer->judging->arena, "The ceiling assumes that what was not read holds nothing: "
					      "%.*s", SPAN_FORMAT(writer->judging->scopes.unread)), SPAN_NONE));
	return level < GRADE_MAX ? write_steps(writer, level + 1) : DONE;
}

enum outcome grade(const struct judging *judging, const struct catalogs *catalogs, struct span *error)
{
	struct writer writer = { .judging = judging };
	sqlite3 *database = evidence_database(judging->evidence);
	TRY(ladder_weigh(judging, catalogs, &writer.ladder, error));
	TRY(write_device(judging, writer.ladder.judged));
	if (!writer.ladder.judged)
		return DONE;
	int64_t level = level_of(&writer.ladder, false), ceiling = level_of(&writer.ladder, true);
	TRY(write_grade(database, level, ceiling));
	writer.insert = query_start(database,
				    "INSERT INTO grade_reason (ordinal, kind, level, text, requirement, fact, advice, names, "
				    "contradicts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	enum outcome outcome = write_reasons(&writer, level, ceiling);
	enum outcome ended = query_end(&writer.insert);
	return outcome == DONE ? ended : outcome;
}
