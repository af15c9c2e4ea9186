#include "vuln/range.h"

#include "vuln/version.h"

/* Lists are nearly always in order, where one turn is enough. */
enum { JOIN_TURNS = 4 };

static bool bound_writable(struct span bound)
{
	return bound.size == 0 || version_plausible(bound) ||
	       (span_ends_text(bound, ".*") && version_plausible(span_slice(bound, 0, bound.size - 2)));
}

static enum outcome append_bound(struct buffer *out, struct span bound)
{
	return buffer_append(out, bound.size ? bound : SPAN_LITERAL("*"));
}

enum outcome range_append(struct buffer *out, const struct range *range)
{
	if (!bound_writable(range->start) || !bound_writable(range->end))
		return NOT_THIS;
	if (out->size > 0)
		TRY(buffer_append(out, SPAN_LITERAL(" ")));
	if (range->unaffected)
		TRY(buffer_append(out, SPAN_LITERAL("!")));
	if (range->single) {
		TRY(buffer_append(out, SPAN_LITERAL("=")));
		return buffer_append(out, range->start);
	}
	TRY(buffer_append(out, range->start_excluded ? SPAN_LITERAL("(") : SPAN_LITERAL("[")));
	TRY(append_bound(out, range->start));
	TRY(buffer_append(out, SPAN_LITERAL(",")));
	TRY(append_bound(out, range->end));
	return buffer_append(out, range->end_excluded ? SPAN_LITERAL(")") : SPAN_LITERAL("]"));
}

static struct span read_bound(struct span bound)
{
	return span_equal_text(bound, "*") ? SPAN_NONE : bound;
}

bool range_next(struct span *rest, struct range *out)
{
	struct span item;
	if (!span_next_field(rest, ' ', &item))
		return false;
	struct range range = { .unaffected = span_byte(item, 0) == '!' };
	if (range.unaffected)
		item = span_from(item, 1);
	if (span_byte(item, 0) == '=') {
		range.single = true;
		range.start = range.end = span_from(item, 1);
		*out = range;
		return range.start.size > 0;
	}
	size_t comma = span_find_byte(item, ',', 0);
	if (comma == SPAN_NOT_FOUND || comma == 0 || item.size < comma + 2)
		return false;
	range.start_excluded = span_byte(item, 0) == '(';
	range.end_excluded = span_byte(item, item.size - 1) == ')';
	range.start = read_bound(span_slice(item, 1, comma - 1));
	range.end = read_bound(span_slice(item, comma + 1, item.size - comma - 2));
	*out = range;
	return true;
}

/* 3.16.* as an end holds 3.16 and everything that starts with "3.16.". */
static bool in_branch(struct span version, struct span end)
{
	struct span branch = span_slice(end, 0, end.size - 2);
	return span_starts(version, branch) &&
	       (version.size == branch.size || span_byte(version, branch.size) == '.');
}

static bool before_end(enum version_order order, const struct range *range, struct span version)
{
	if (range->end.size == 0)
		return true;
	bool branch = span_ends_text(range->end, ".*");
	if (branch && in_branch(version, range->end))
		return true;
	struct span end = branch ? span_slice(range->end, 0, range->end.size - 2) : range->end;
	int difference = version_compare(order, version, end);
	return range->end_excluded || branch ? difference < 0 : difference <= 0;
}

bool range_holds(enum version_order order, const struct range *range, struct span version)
{
	if (range->single)
		return version_compare(order, version, range->start) == 0;
	if (range->start.size > 0) {
		int difference = version_compare(order, version, range->start);
		if (range->start_excluded ? difference <= 0 : difference < 0)
			return false;
	}
	return before_end(order, range, version);
}

/* Draws the bounds of the hit in to what unaffected ranges leave around the version. */
static void narrow(enum version_order order, struct range_result *result, const struct range *range,
		   struct span version)
{
	struct range *hit = &result->hit;
	if (range->single)
		return;
	bool above = range->start.size > 0 && version_compare(order, range->start, version) > 0;
	if (above) {
		if (hit->end.size == 0 || version_compare(order, range->start, hit->end) < 0) {
			hit->end = range->start;
			hit->end_excluded = !range->start_excluded;
		}
		return;
	}
	bool lower = range->end.size > 0 && !span_ends_text(range->end, ".*") &&
		     (hit->start.size == 0 || version_compare(order, range->end, hit->start) > 0);
	if (lower) {
		hit->start = range->end;
		hit->start_excluded = !range->end_excluded;
	}
}

/* A bound with which another affected range begins is no end: the first version without the fault lies behind that one. */
static void join(enum version_order order, struct range *hit, struct span list)
{
	struct range range;
	for (struct span rest = list; hit->end_excluded && range_next(&rest, &range);)
		if (!range.unaffected && !range.single && !range.start_excluded && range.start.size > 0 &&
		    version_compare(order, range.start, hit->end) == 0) {
			hit->end = range.end;
			hit->end_excluded = range.end_excluded;
		}
}

static void narrow_all(enum version_order order, struct range_result *result, struct span list,
		       struct span version)
{
	struct range range;
	if (result->hit.single)
		return;
	for (size_t turn = 0; turn < JOIN_TURNS; turn++)
		join(order, &result->hit, list);
	for (struct span rest = list; range_next(&rest, &range);)
		if (range.unaffected)
			narrow(order, result, &range, version);
	if (result->hit.end_excluded)
		result->fixed = result->hit.end;
}

struct range_result range_judge(enum version_order order, struct span list, struct span version)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct range range;
	bool listed = true; /* nothing but single versions */
	for (struct span rest = list; range_next(&rest, &range);) {
		listed = listed && range.single;
		bool decided = result.verdict == RANGE_AFFECTED && !range.unaffected &&
			       (range.single || !result.hit.single);
		if (decided || !range_holds(order, &range, version))
			continue;
		if (range.unaffected)
			return (struct range_result){ .verdict = RANGE_UNAFFECTED };
		result.verdict = RANGE_AFFECTED;
		result.hit = range;
	}
	if (result.verdict == RANGE_AFFECTED)
		narrow_all(order, &result, list, version);
	else if (!listed)
		result.verdict = RANGE_UNAFFECTED;
	return result;
}

struct range_result range_judge_unplaced(struct span list)
{
	struct range_result result = { .verdict = RANGE_SILENT };
	struct range range;
	for (struct span rest = list; range_next(&rest, &range);) {
		if (range.unaffected || range.single)
			continue;
		result.verdict = RANGE_AFFECTED;
		result.hit = range;
		result.fixed = range.end_excluded ? range.end : SPAN_NONE;
	}
	return result;
}

struct range_place range_place(enum version_order order, struct span list, struct span version)
{
	struct range_place place = { 0 };
	struct range range;
	for (struct span rest = list; range_next(&rest, &range);) {
		if (range.unaffected)
			continue;
		bool starts_behind = range.start.size > 0 && version_compare(order, range.start, version) > 0;
		if (starts_behind && (place.above.size == 0 || version_compare(order, range.start, place.above) < 0))
			place.above = range.start;
		if (!starts_behind && range.end.size > 0 &&
		    (place.below.size == 0 || version_compare(order, range.end, place.below) > 0))
			place.below = range.end;
	}
	return place;
}

bool range_excludes(enum version_order order, struct span list, struct span version)
{
	struct range range;
	for (struct span rest = list; range_next(&rest, &range);)
		if (range.unaffected && range_holds(order, &range, version))
			return true;
	return false;
}
