#include "register/difference.h"

#include <stdlib.h>

#include "register/difference_side.h"

const char *difference_aspect_name(enum difference_aspect aspect)
{
	static const char *const names[] = {
		"newly affected", "now under review", "mended", "no longer in question", "not seen any more", "still affected",
		"components", "findings", "keys", "certificates", "hosts",
	};
	return names[aspect];
}

struct comparing {
	struct arena *arena;
	struct side old, new;
	struct difference *out;
	size_t capacity;
};

static enum outcome add(struct comparing *comparing, struct difference_row row)
{
	struct difference *out = comparing->out;
	struct difference_row *rows = arena_grow(comparing->arena, out->rows, out->count, &comparing->capacity, sizeof *rows);
	if (!rows)
		return NO_MEMORY;
	out->rows = rows;
	rows[out->count++] = row;
	out->counts[row.aspect]++;
	return DONE;
}

static bool is(const struct side_vulnerability *vulnerability, const char *status)
{
	return vulnerability && span_equal_text(vulnerability->status, status);
}

static struct span standing(struct comparing *comparing, const struct side_vulnerability *vulnerability)
{
	if (!vulnerability)
		return SPAN_NONE;
	return arena_format(comparing->arena, "%.*s: %.*s", SPAN_FORMAT(vulnerability->status),
			    SPAN_FORMAT(vulnerability->component));
}

/* Of what the newer version has nothing more about: whether it is gone, or only not seen; and the words. */
static bool is_gone(struct comparing *comparing, const struct side_vulnerability *old, struct difference_row *row)
{
	const struct side_component *now = side_component_of(&comparing->new, old->component_name);
	if (!now) {
		row->why = comparing->new.facts.whole ? SPAN_LITERAL("the component is not in it any more") :
			   SPAN_LITERAL("the component is not seen in it any more, and not all of it is known");
		return comparing->new.facts.whole;
	}
	row->after = arena_format(comparing->arena, "%.*s %.*s", SPAN_FORMAT(now->name), SPAN_FORMAT(now->versions));
	bool known = now->matched && span_compare(now->store_date, old->store_date) >= 0;
	row->why = known ? SPAN_LITERAL("the version in it is not among those that it is about") :
		   now->matched ? SPAN_LITERAL("what is in it was matched with an older store, which may not know it") :
				  SPAN_LITERAL("what is in it was not matched yet");
	return known;
}

/* Either may be NULL, not both. False where nothing changed that is told. */
static bool compare_one(struct comparing *comparing, const struct side_vulnerability *old, const struct side_vulnerability *new,
			struct difference_row *row)
{
	bool affected = is(old, "affected"), review = is(old, "under review");
	const struct side_vulnerability *known = new ? new : old;
	*row = (struct difference_row){
		.what = known->name, .severity = known->severity, .exploited = known->exploited,
		.before = standing(comparing, old), .after = standing(comparing, new), .why = new ? new->reason : SPAN_NONE,
	};
	if (is(new, "affected"))
		row->aspect = affected ? DIFFERENCE_REMAINS : DIFFERENCE_NEW;
	else if (is(new, "under review"))
		row->aspect = DIFFERENCE_QUESTION;
	else if (!affected && !review)
		return false;
	else if (!new && !is_gone(comparing, old, row))
		row->aspect = DIFFERENCE_UNSEEN;
	else
		row->aspect = affected ? DIFFERENCE_MENDED : DIFFERENCE_SETTLED;
	return !(row->aspect == DIFFERENCE_QUESTION && review);
}

static enum outcome compare_vulnerabilities(struct comparing *comparing)
{
	const struct side *old = &comparing->old, *new = &comparing->new;
	for (size_t i = 0, j = 0; i < old->vulnerability_count || j < new->vulnerability_count;) {
		const struct side_vulnerability *was = i < old->vulnerability_count ? &old->vulnerabilities[i] : NULL;
		const struct side_vulnerability *is_now = j < new->vulnerability_count ? &new->vulnerabilities[j] : NULL;
		int order = !was ? 1 : !is_now ? -1 : span_compare(was->name, is_now->name);
		struct difference_row row;
		if (compare_one(comparing, order <= 0 ? was : NULL, order >= 0 ? is_now : NULL, &row))
			TRY(add(comparing, row));
		i += order <= 0;
		j += order >= 0;
	}
	return DONE;
}

static enum outcome compare_components(struct comparing *comparing)
{
	const struct side *old = &comparing->old, *new = &comparing->new;
	for (size_t i = 0, j = 0; i < old->component_count || j < new->component_count;) {
		const struct side_component *was = i < old->component_count ? &old->components[i] : NULL;
		const struct side_component *now = j < new->component_count ? &new->components[j] : NULL;
		int order = !was ? 1 : !now ? -1 : span_compare(was->name, now->name);
		struct difference_row row = { .aspect = DIFFERENCE_COMPONENT, .what = order <= 0 ? was->name : now->name };
		row.before = order <= 0 ? was->versions : SPAN_NONE;
		row.after = order >= 0 ? now->versions : SPAN_NONE;
		bool version = !span_equal(row.before, row.after);
		row.why = order < 0 && new->facts.whole ? SPAN_LITERAL("removed") :
			  order < 0 ? SPAN_LITERAL("not seen any more") :
			  order > 0 ? SPAN_LITERAL("added") :
			  version ? SPAN_LITERAL("another version") : SPAN_LITERAL("the same version, built or configured otherwise");
		if (order != 0 || version || !span_equal(was->variants, now->variants))
			TRY(add(comparing, row));
		i += order <= 0;
		j += order >= 0;
	}
	return DONE;
}

static enum difference_aspect aspect_of(struct span kind)
{
	return span_equal_text(kind, "finding") ? DIFFERENCE_FINDING :
	       span_equal_text(kind, "key") ? DIFFERENCE_KEY :
	       span_equal_text(kind, "certificate") ? DIFFERENCE_CERTIFICATE : DIFFERENCE_HOST;
}

static enum outcome compare_sightings(struct comparing *comparing)
{
	const struct side *old = &comparing->old, *new = &comparing->new;
	for (size_t i = 0, j = 0; i < old->sighting_count || j < new->sighting_count;) {
		const struct side_sighting *was = i < old->sighting_count ? &old->sightings[i] : NULL;
		const struct side_sighting *now = j < new->sighting_count ? &new->sightings[j] : NULL;
		int order = !was ? 1 : !now ? -1 : span_compare(was->kind, now->kind);
		if (order == 0)
			order = span_compare(was->value, now->value);
		const struct side_sighting *told = order < 0 ? was : now;
		const struct difference_row row = {
			.aspect = aspect_of(told->kind), .what = told->value, .before = order < 0 ? was->path : SPAN_NONE,
			.after = order > 0 ? now->path : SPAN_NONE,
			.why = order > 0 ? SPAN_LITERAL("new") :
			       new->facts.whole ? SPAN_LITERAL("gone") : SPAN_LITERAL("not seen any more"),
		};
		if (order != 0)
			TRY(add(comparing, row));
		i += order <= 0;
		j += order >= 0;
	}
	return DONE;
}

static void warn(struct difference *out, struct span words)
{
	if (out->caveat_count < DIFFERENCE_CAVEATS)
		out->caveats[out->caveat_count++] = words;
}

static bool all_matched(const struct side *side)
{
	for (size_t i = 0; i < side->component_count; i++)
		if (!side->components[i].matched)
			return false;
	return true;
}

/* What makes a difference look like one that is none. */
static void warn_of_all(struct comparing *comparing)
{
	struct difference *out = comparing->out;
	struct arena *arena = comparing->arena;
	const struct difference_side *sides[] = { &out->old, &out->new };
	for (size_t i = 0; i < 2; i++)
		if (!sides[i]->whole)
			warn(out, arena_format(arena, "Not all of %.*s %.*s was assayed and read, or a file of it has no component: %s.",
					       SPAN_FORMAT(sides[i]->product), SPAN_FORMAT(sides[i]->version),
					       i == 0 ? "what is new may have been there" : "what is not seen any more may be there"));
	if (!all_matched(&comparing->old) || !all_matched(&comparing->new))
		warn(out, SPAN_LITERAL("Components that were not matched yet have no vulnerabilities here."));
	bool dated = out->old.store_first.size > 0 && out->new.store_first.size > 0;
	bool same = span_equal(out->old.store_first, out->new.store_first) && span_equal(out->old.store_last, out->new.store_last);
	if (dated && !same)
		warn(out, arena_format(arena, "They were matched with stores of different days (%.*s to %.*s; %.*s to %.*s): what is"
				       " new may only be newly known.", SPAN_FORMAT(out->old.store_first), SPAN_FORMAT(out->old.store_last),
				       SPAN_FORMAT(out->new.store_first), SPAN_FORMAT(out->new.store_last)));
}

static int compare_rows(const void *left, const void *right)
{
	const struct difference_row *a = left, *b = right;
	return a->aspect != b->aspect ? (a->aspect < b->aspect ? -1 : 1) : span_compare(a->what, b->what);
}

enum outcome difference_find(struct registry *registry, const struct view_of *old, const struct view_of *new, struct arena *arena,
			     struct difference *out)
{
	struct comparing comparing = { .arena = arena, .out = out };
	*out = (struct difference){ 0 };
	TRY(side_read(registry, old, arena, &comparing.old));
	TRY(side_read(registry, new, arena, &comparing.new));
	out->old = comparing.old.facts;
	out->new = comparing.new.facts;
	enum outcome outcome = compare_vulnerabilities(&comparing);
	if (outcome == DONE)
		outcome = compare_components(&comparing);
	if (outcome == DONE)
		outcome = compare_sightings(&comparing);
	warn_of_all(&comparing);
	if (outcome != DONE || arena->refused)
		return registry_fail(registry, NO_MEMORY, "comparing versions: out of memory");
	if (out->count > 1)
		qsort(out->rows, out->count, sizeof *out->rows, compare_rows);
	return DONE;
}
