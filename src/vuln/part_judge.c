#include "vuln/part_judge.h"

#include "vuln/part_facts.h"

/* What is known of the parts of one fault. */
struct weighing {
	size_t asked, missing;
	bool present;
	bool separate;       /* each missing part is a program or library of its own */
	struct span reasons; /* why they are missing, or why the first is there */
	struct decision *decision; /* gets them as premises, behind those that it had */
	size_t premises;
};

void part_judge_init(struct part_judge *judge, sqlite3 *evidence, const struct parts *parts)
{
	*judge = (struct part_judge){ .parts = parts };
	judge->find = query_start(evidence, "SELECT present, sign, reason, file, offset FROM part"
					    " WHERE component = ?1 AND name = ?2");
}

enum outcome part_judge_end(struct part_judge *judge)
{
	return query_end(&judge->find);
}

/* The name under which the table has it. */
static struct span own_name(const struct part_judge *judge, struct span component, struct span part)
{
	const struct part_component *known = judge->parts ? parts_of(judge->parts, component) : NULL;
	const struct part *found = part_named(known, part);
	return found ? found->name : part;
}

static void weigh_one(struct part_judge *judge, int64_t component, struct span name, struct span part,
		      struct weighing *weighing, struct arena *arena)
{
	struct query *find = &judge->find;
	query_bind_integer(find, 1, component);
	query_bind_text(find, 2, own_name(judge, name, part));
	weighing->asked++;
	if (query_next(find)) {
		bool present = query_integer(find, 0) != 0;
		struct span why = query_text(find, 2);
		if (present && !weighing->present) {
			weighing->decision->premise_count = weighing->premises;
			weighing->reasons = SPAN_NONE;
		}
		if (present || !weighing->present) {
			bool more = weighing->reasons.size > 0;
			struct span words = arena_format(arena, "%.*s: %.*s", SPAN_FORMAT(part), SPAN_FORMAT(why));
			weighing->reasons = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(weighing->reasons), more ? "; " : "",
							 SPAN_FORMAT(words));
			decision_premise_at(weighing->decision, "part", words, query_integer(find, 3),
					    query_is_null(find, 4) ? -1 : query_integer(find, 4));
		}
		weighing->present = weighing->present || present;
		weighing->missing += !present;
		weighing->separate = weighing->separate && span_equal_text(query_text(find, 1), "file");
	}
	query_rewind(find);
}

void part_judge_decision(struct part_judge *judge, const struct part_question *question, struct decision *decision,
			 struct arena *arena)
{
	bool affected = decision_is(decision, "affected");
	struct span whose = SPAN_NONE;
	struct part_fact fact;
	if (!affected && !decision_is(decision, "under review"))
		return;
	if (decision->part.size == 0 && part_facts_find(question->name, question->vulnerability, arena, &fact)) {
		decision->part = fact.part;
		decision->usual = fact.usual;
		whose = arena_format(arena, " by assay's own review (%.*s)", SPAN_FORMAT(fact.why));
	}
	if (decision->part.size == 0)
		return;
	struct weighing weighing = { .separate = true, .decision = decision, .premises = decision->premise_count };
	struct span rest = decision->part, part;
	while (span_next_word(&rest, &part))
		weigh_one(judge, question->component, question->name, part, &weighing, arena);
	if (weighing.present) {
		decision->reason = arena_format(arena, "%.*s, and the part that has it%.*s is there (%.*s)",
						SPAN_FORMAT(decision->reason), SPAN_FORMAT(whose), SPAN_FORMAT(weighing.reasons));
	} else if (weighing.missing > 0 && weighing.missing == weighing.asked) {
		decision_spare(decision, weighing.separate ? "component_not_present" : "vulnerable_code_not_present",
			       arena_format(arena, "%.*s, but the part that has it%.*s is missing (%.*s)",
					    SPAN_FORMAT(decision->reason), SPAN_FORMAT(whose), SPAN_FORMAT(weighing.reasons)));
	} else {
		decision->premise_count = weighing.premises;
		if (affected && !decision->usual)
			decision_review(decision, arena_format(arena, "%.*s, in its part %.*s", SPAN_FORMAT(decision->reason),
							       SPAN_FORMAT(decision->part)),
					arena_format(arena, "is %.*s in the image?", SPAN_FORMAT(decision->part)));
	}
}
