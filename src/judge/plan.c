#include "judge/plan.h"

#include <stdlib.h>

/* One fact, with every requirement that it disproves. */
static struct mending mending(const struct judging *judging, struct ladder *ladder, const struct rung *rung)
{
	struct arena *arena = judging->arena;
	struct mending out = { .names = SPAN_LITERAL(""), .requirement = rung->requirement };
	for (size_t i = 0; i < ladder->count; i++) {
		struct rung *other = &ladder->rungs[i];
		if (other->grade != rung->grade || other->weighed.verdict != VERDICT_FAILED || other->told ||
		    !span_equal(other->weighed.fact, rung->weighed.fact))
			continue;
		other->told = true;
		out.contradicts = out.contradicts || other->weighed.contradicted;
		out.severity = other->weighed.severity > out.severity ? other->weighed.severity : out.severity;
		out.names = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(out.names), out.count++ ? "; " : "",
					 SPAN_FORMAT(other->requirement.size ? other->asked->id : other->asked->title));
	}
	out.advice = rung->weighed.advice.size > 0 ? rung->weighed.advice : SPAN_LITERAL("Mend it.");
	if (span_byte(out.advice, out.advice.size - 1) == '.')
		out.advice.size--;
	struct span more = rung->weighed.more == 0
				   ? SPAN_LITERAL("")
				   : arena_format(arena, ", and %lld more", (long long)rung->weighed.more);
	out.fact = arena_format(arena, "%.*s%.*s", SPAN_FORMAT(rung->weighed.fact), SPAN_FORMAT(more));
	out.text = arena_format(arena, "%.*s: %.*s%s [%.*s]", SPAN_FORMAT(out.advice), SPAN_FORMAT(out.fact),
				out.contradicts ? "; product.yaml declares otherwise" : "", SPAN_FORMAT(out.names));
	return out;
}

/* What a remedy comes to: its worst fact, and how much all of its facts disprove. */
struct remedy {
	bool contradicts;
	enum severity severity;
	size_t count;
};

static struct remedy remedy_of(const struct mending *all, size_t count, struct span advice)
{
	struct remedy out = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (!span_equal(all[i].advice, advice))
			continue;
		out.contradicts = out.contradicts || all[i].contradicts;
		out.severity = all[i].severity > out.severity ? all[i].severity : out.severity;
		out.count += all[i].count;
	}
	return out;
}

static bool comes_before(const struct remedy *a, const struct remedy *b)
{
	if (a->contradicts != b->contradicts)
		return a->contradicts;
	if (a->severity != b->severity)
		return a->severity > b->severity;
	return a->count > b->count;
}

/* The first of those that are left whose remedy no other one comes before; SIZE_MAX where none is left. */
static size_t best_left(const struct mending *all, size_t count, const bool *taken)
{
	size_t best = SIZE_MAX;
	struct remedy most = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (taken[i])
			continue;
		struct remedy own = remedy_of(all, count, all[i].advice);
		if (best != SIZE_MAX && !comes_before(&own, &most))
			continue;
		best = i;
		most = own;
	}
	return best;
}

struct sorter {
	const struct judging *judging;
	const struct mending *all;
	bool *taken;
	size_t count, named;
	struct plan *out;
};

static void take(struct sorter *sorter, size_t index)
{
	struct plan *out = sorter->out;
	const struct mending *one = &sorter->all[index];
	sorter->taken[index] = true;
	if (out->count < PLAN_MAX)
		out->mendings[out->count++] = *one;
	else
		out->rest = arena_format(sorter->judging->arena, "%.*s%s%.*s", SPAN_FORMAT(out->rest),
					 sorter->named++ ? "; " : "Then mend what else is disproved: ", SPAN_FORMAT(one->names));
}

/* All facts of the best remedy, then of the next: what is mended by one change is read as one. */
static void sort(struct sorter *sorter)
{
	size_t best;
	while ((best = best_left(sorter->all, sorter->count, sorter->taken)) != SIZE_MAX)
		for (size_t i = best; i < sorter->count; i++)
			if (!sorter->taken[i] && span_equal(sorter->all[i].advice, sorter->all[best].advice))
				take(sorter, i);
}

enum outcome plan_make(const struct judging *judging, struct ladder *ladder, int64_t grade, struct plan *out)
{
	struct mending *all = ARENA_NEW(judging->arena, struct mending, ladder->count + 1);
	bool *taken = ARENA_NEW(judging->arena, bool, ladder->count + 1);
	struct sorter sorter = { .judging = judging, .all = all, .taken = taken, .out = out };
	*out = (struct plan){ .rest = SPAN_LITERAL("") };
	if (!all || !taken)
		return NO_MEMORY;
	for (size_t i = 0; i < ladder->count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		if (rung->grade == grade && rung_disproved(rung) && !rung->told)
			all[sorter.count++] = mending(judging, ladder, rung);
	}
	for (size_t i = 0; i < sorter.count; i++)
		if (!all[i].text.data || !all[i].names.data)
			return NO_MEMORY;
	sort(&sorter);
	return out->rest.data ? DONE : NO_MEMORY;
}
