#include "judge/weigh.h"

#include "evidence/query.h"

/* A declaration as it was found. */
struct statement {
	enum declared declared;
	struct span key, value;
	int64_t line;
	struct span words; /* the maker's evidence or reason that stands with it; may be empty */
};

static enum outcome look_up(const struct judging *judging, struct span key, struct statement *out)
{
	struct query query = query_start(evidence_database(judging->evidence),
					 "SELECT value, line FROM declaration WHERE key = ?1");
	query_bind_text(&query, 1, key);
	*out = (struct statement){ .key = key };
	if (query_next(&query)) {
		out->value = arena_copy(judging->arena, query_text(&query, 0));
		out->line = query_integer(&query, 1);
	}
	return query_end(&query);
}

/* Any value declares it, but one that says no. */
static bool denies(struct span value)
{
	return span_equal_text(value, "false") || span_equal_text(value, "no") ||
	       span_equal_text(value, "none");
}

/* requirements.<id>.<name>; line is 0 where it is not declared. A criterion of a grade has no id. */
static enum outcome look_up_own(const struct judging *judging, struct span id, const char *name,
				struct statement *out)
{
	*out = (struct statement){ 0 };
	if (id.size == 0)
		return DONE;
	struct span key = arena_format(judging->arena, "requirements.%.*s.%s", SPAN_FORMAT(id), name);
	return key.data ? look_up(judging, key, out) : NO_MEMORY;
}

/* What the maker says: of the requirement by its id first, then by the key that the catalogue names. */
static enum outcome hear(const struct judging *judging, const struct requirement *requirement,
			 struct statement *out)
{
	struct statement applies, own, words, general = { 0 };
	TRY(look_up_own(judging, requirement->id, "applies", &applies));
	TRY(look_up_own(judging, requirement->id, "declared", &own));
	TRY(look_up_own(judging, requirement->id, "evidence", &words));
	if (words.line == 0)
		TRY(look_up_own(judging, requirement->id, "reason", &words));
	if (requirement->declaration.size > 0)
		TRY(look_up(judging, requirement->declaration, &general));
	if (applies.line > 0 && denies(applies.value)) {
		*out = applies;
		out->declared = DECLARED_INAPPLICABLE;
	} else if (own.line > 0) {
		*out = own;
		out->declared = denies(own.value) ? DECLARED_UNMET : DECLARED_MET;
	} else if (general.line > 0) {
		*out = general;
		out->declared = denies(general.value) ? DECLARED_UNMET : DECLARED_MET;
	} else {
		*out = (struct statement){ .declared = DECLARED_NOTHING };
	}
	out->words = words.value;
	return DONE;
}

/* showing: rows of rules whose needs were not read are no answer. */
static enum answer ask(const struct judging *judging, struct rule_list list, bool showing)
{
	enum answer answer = ANSWER_NO;
	for (size_t i = 0; i < list.count; i++) {
		const struct rule_result *result = &judging->results[list.all[i]];
		bool counts = result->count > 0 && !(showing && result->withheld.data);
		answer = answer_or(answer, result->failed ? ANSWER_ERROR : counts ? ANSWER_YES : ANSWER_NO);
	}
	return answer;
}

/* A rule that tells no finding of its own serves verdicts on things that hurt: it weighs as much as a medium one. */
static enum severity weight_of(const struct rule *rule)
{
	enum severity severity = severity_named(rule->severity);
	return severity == SEVERITY_INFO ? SEVERITY_MEDIUM : severity;
}

/* The worst rule of a list that has rows, the first of equals; how many rows all of them have. Of rules
 * that show something, not those whose rows are withheld. NULL where none has. */
static const struct rule *worst_rule(const struct judging *judging, struct rule_list list, bool showing,
				     const struct rule_row **row, int64_t *rows)
{
	const struct rule *worst = NULL;
	*rows = 0;
	for (size_t i = 0; i < list.count; i++) {
		const struct rule_result *result = &judging->results[list.all[i]];
		const struct rule *rule = &judging->rules.all[list.all[i]];
		if (showing && result->withheld.data)
			continue;
		*rows += (int64_t)result->count + result->more;
		if (result->count == 0 || (worst && weight_of(rule) <= weight_of(worst)))
			continue;
		worst = rule;
		*row = &result->rows[0];
	}
	return worst;
}

/* The sentence ends with the place. */
static bool ends_with_place(const struct rule_row *row)
{
	return row->line <= 0 && row->path.size < row->detail.size &&
	       span_equal(span_slice(row->detail, row->detail.size - row->path.size, row->path.size), row->path) &&
	       span_byte(row->detail, row->detail.size - row->path.size - 1) == ' ';
}

/* The first row of the worst rule of a list, with its place, how many more there are, and what the rule advises. */
static struct span first_fact(const struct judging *judging, struct rule_list list, bool showing, int64_t *more,
			      struct span *advice)
{
	const struct rule_row *row = NULL;
	const struct rule *rule = worst_rule(judging, list, showing, &row, more);
	if (!rule)
		return SPAN_NONE;
	*advice = rule->advice;
	*more -= 1;
	if (!row->path.data || ends_with_place(row))
		return row->detail;
	if (row->line > 0)
		return arena_format(judging->arena, "%.*s (%.*s:%lld)", SPAN_FORMAT(row->detail),
				    SPAN_FORMAT(row->path), (long long)row->line);
	return arena_format(judging->arena, "%.*s (%.*s)", SPAN_FORMAT(row->detail), SPAN_FORMAT(row->path));
}

static struct span fact_sentence(const struct judging *judging, struct rule_list list, bool showing)
{
	int64_t more;
	struct span advice, first = first_fact(judging, list, showing, &more, &advice);
	if (more > 0)
		return arena_format(judging->arena, "%.*s, and %lld more", SPAN_FORMAT(first),
				    (long long)more);
	return first;
}

static struct span error_sentence(const struct judging *judging, const struct requirement *requirement)
{
	const struct rule_list lists[] = { requirement->excluded_by, requirement->failed_by,
					   requirement->shown_by };
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (size_t j = 0; j < lists[i].count; j++) {
			size_t index = lists[i].all[j];
			if (judging->results[index].failed)
				return arena_format(judging->arena, "the rule %.*s could not run: %.*s",
						    SPAN_FORMAT(judging->rules.all[index].id),
						    SPAN_FORMAT(judging->results[index].error));
		}
	return SPAN_LITERAL("a rule could not run");
}

static struct span failed_sentence(const struct judging *judging, const struct requirement *requirement,
				   const struct statement *said, struct weighed *out)
{
	struct span fact = fact_sentence(judging, requirement->failed_by, false);
	const struct rule_row *row;
	int64_t rows;
	const struct rule *worst = worst_rule(judging, requirement->failed_by, false, &row, &rows);
	out->fact = first_fact(judging, requirement->failed_by, false, &out->more, &out->advice);
	out->severity = worst ? weight_of(worst) : SEVERITY_INFO;
	out->contradicted = said->declared == DECLARED_MET || said->declared == DECLARED_INAPPLICABLE;
	if (!out->contradicted)
		return fact;
	return arena_format(judging->arena, "product.yaml line %lld declares %.*s: %.*s, but %.*s",
			    (long long)said->line, SPAN_FORMAT(said->key), SPAN_FORMAT(said->value),
			    SPAN_FORMAT(fact));
}

/* "declared in product.yaml line 12 (updates.signed: true)", and the maker's own words. */
static struct span declared_sentence(const struct judging *judging, const struct statement *said,
				     const char *how)
{
	bool words = said->words.size > 0;
	return arena_format(judging->arena, "%s in product.yaml line %lld (%.*s: %.*s)%s%.*s", how,
			    (long long)said->line, SPAN_FORMAT(said->key), SPAN_FORMAT(said->value),
			    words ? ": " : "", SPAN_FORMAT(said->words));
}

/* What would show it, had everything been read that it needs. */
static struct span withheld_sentence(const struct judging *judging, struct rule_list list)
{
	for (size_t i = 0; i < list.count; i++) {
		const struct rule_result *result = &judging->results[list.all[i]];
		if (!result->failed && result->count > 0 && result->withheld.data)
			return arena_format(judging->arena, "%.*s would show it, but %.*s; product.yaml does not declare it",
					    SPAN_FORMAT(judging->rules.all[list.all[i]].id), SPAN_FORMAT(result->withheld));
	}
	return SPAN_NONE;
}

static struct span unproven_sentence(const struct judging *judging, const struct requirement *requirement,
				     const struct statement *said)
{
	if (said->declared == DECLARED_UNMET)
		return declared_sentence(judging, said, "declared as not met");
	if (span_equal_text(requirement->decidable, "no"))
		return SPAN_LITERAL("no image can decide it, and product.yaml does not declare it");
	struct span withheld = withheld_sentence(judging, requirement->shown_by);
	if (withheld.data)
		return withheld;
	return SPAN_LITERAL("the image neither disproves nor shows it, and product.yaml does not declare it");
}

static struct span sentence(const struct judging *judging, const struct requirement *requirement,
			    const struct statement *said, struct weighed *out)
{
	switch (out->verdict) {
	case VERDICT_FAILED:
		return failed_sentence(judging, requirement, said, out);
	case VERDICT_SHOWN:
		return fact_sentence(judging, requirement->shown_by, true);
	case VERDICT_DECLARED:
		return declared_sentence(judging, said, "declared");
	case VERDICT_NOT_APPLICABLE:
		if (ask(judging, requirement->excluded_by, false) == ANSWER_YES)
			return fact_sentence(judging, requirement->excluded_by, false);
		return declared_sentence(judging, said, "declared as not applicable");
	case VERDICT_ERROR:
		return error_sentence(judging, requirement);
	default:
		return unproven_sentence(judging, requirement, said);
	}
}

enum outcome weigh(const struct judging *judging, const struct requirement *requirement, struct weighed *out)
{
	struct statement said;
	TRY(hear(judging, requirement, &said));
	*out = (struct weighed){ .declaration = said.key };
	out->verdict = verdict_combine(ask(judging, requirement->excluded_by, false),
				       ask(judging, requirement->failed_by, false),
				       ask(judging, requirement->shown_by, true), said.declared);
	out->reason = sentence(judging, requirement, &said, out);
	return out->reason.data ? DONE : NO_MEMORY;
}

enum outcome weigh_not_judged(const struct judging *judging, struct weighed *out)
{
	*out = (struct weighed){ .verdict = VERDICT_NOT_JUDGED };
	out->reason = arena_format(judging->arena, "the catalogue is about other things than %.*s",
				   SPAN_FORMAT(judging->scopes.words));
	return out->reason.data ? DONE : NO_MEMORY;
}
