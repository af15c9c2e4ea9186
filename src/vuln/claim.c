#include "vuln/claim.h"

#include "vuln/branch.h"
#include "vuln/series.h"
#include "vuln/version.h"

enum { BRANCH_FIELDS_OF_WORDS = 2 };

struct span claim_range_words(const struct range *range, struct arena *arena)
{
	struct span open = SPAN_LITERAL("…");
	struct span start = range->start.size ? range->start : open, end = range->end.size ? range->end : open;
	bool after = range->start_excluded || range->start.size == 0;
	bool before = range->end_excluded || range->end.size == 0;
	return arena_format(arena, "%c%.*s, %.*s%c", after ? '(' : '[', SPAN_FORMAT(start), SPAN_FORMAT(end),
			    before ? ')' : ']');
}

struct span claim_source_words(const struct claim *claim, struct arena *arena)
{
	const char *title = store_source_title(claim->source);
	if (claim->why.size == 0)
		return span_of_text(title);
	return arena_format(arena, "%s: %.*s", title, SPAN_FORMAT(claim->why));
}

struct span claim_words(const struct claim *claim, struct span version, struct arena *arena)
{
	struct span source = claim_source_words(claim, arena);
	const struct range *hit = &claim->result.hit;
	if (claim->own)
		return arena_format(arena, "its package is older than %.*s, in which its distribution fixed it",
				    SPAN_FORMAT(hit->end));
	if (claim->source == SOURCE_DISTRIBUTION && hit->end_excluded)
		return arena_format(arena, "%.*s is older than %.*s, in which distributions found it fixed",
				    SPAN_FORMAT(version), SPAN_FORMAT(hit->end));
	if (claim->source == SOURCE_DISTRIBUTION)
		return arena_format(arena, "%.*s is no newer than %.*s, which distributions had to patch",
				    SPAN_FORMAT(version), SPAN_FORMAT(hit->end));
	if (hit->single)
		return arena_format(arena, "%.*s is listed (%.*s)", SPAN_FORMAT(version), SPAN_FORMAT(source));
	struct span words = claim_range_words(hit, arena);
	if (claim->unplaced)
		return arena_format(arena, "%.*s is the day of a snapshot, whose place among the versions is not known; "
				    "affected are %.*s (%.*s)", SPAN_FORMAT(version), SPAN_FORMAT(words),
				    SPAN_FORMAT(source));
	return arena_format(arena, "%.*s lies in %.*s (%.*s)", SPAN_FORMAT(version), SPAN_FORMAT(words),
			    SPAN_FORMAT(source));
}

/*
 * A source that lists branches one by one says nothing of those that had ended; where that is not known, of none but
 * its own, if it begins with the first version of each.
 */
static bool is_unspoken(const struct claim *claim, const struct claim_subject *subject, struct span begins)
{
	if (!claim->listed || subject->branch < 2)
		return false;
	if (claim->series.size > 0)
		return claim->ended && !series_holds(claim->series, begins) &&
		       (branch_begins_with(begins, subject->branch) || branch_begins_with(begins, subject->branch + 1));
	return branch_begins_with(begins, subject->branch) &&
	       !branch_is_same(begins, subject->version, subject->branch);
}

/*
 * "[14.0, 14.21) [15.0, 15.16)" of a list that has no word for branches: those that were still mended, not where the
 * fault began. Of a series that had ended by then it says nothing.
 */
static bool is_list_of_living(const struct claim *claim, const struct claim_subject *subject, struct span begins)
{
	bool own = claim->source == SOURCE_REVIEW || claim->source == SOURCE_VENDOR || claim->source == SOURCE_TRACKER;
	return !own && claim->ended && begins.size > 0 && branch_begins_with(begins, subject->branch) &&
	       !branch_is_same(begins, subject->version, subject->branch) && !series_holds(claim->series, begins);
}

static void place(struct claim *claim, const struct claim_subject *subject, struct span list)
{
	struct range_place place = range_place(subject->order, list, subject->version);
	claim->mended = place.below;
	if (range_excludes(subject->order, list, subject->version)) {
		claim->place = PLACE_EXCLUDED;
		return;
	}
	bool ended = place.below.size > 0 &&
		     (place.above.size == 0 || branch_is_same(place.below, subject->version, subject->branch));
	if (ended || place.above.size == 0)
		claim->place = PLACE_AFTER;
	else if (is_unspoken(claim, subject, place.above))
		claim->place = PLACE_UNSPOKEN;
	else
		claim->place = place.below.size > 0 ? PLACE_AFTER : PLACE_BEFORE;
	claim->begins = place.above;
}

/* "Up to 2.73" names the last version that someone tried: without a beginning it reaches no further than its branch. */
static size_t branch_of_claim(const struct claim *claim, const struct claim_subject *subject)
{
	bool words = claim->source == SOURCE_DESCRIPTION && !claim->result.hit.end_excluded &&
		     subject->branch < BRANCH_FIELDS_OF_WORDS;
	return words ? BRANCH_FIELDS_OF_WORDS : subject->branch;
}

void claim_judge(struct claim *claim, const struct claim_subject *subject, struct span list)
{
	if (claim->unplaced) {
		claim->result = range_judge_unplaced(list);
		return;
	}
	claim->result = range_judge(subject->order, list, subject->version);
	const struct range *hit = &claim->result.hit;
	if (claim->result.verdict == RANGE_UNAFFECTED)
		place(claim, subject, list);
	bool says_nothing = claim->place == PLACE_BEFORE && is_list_of_living(claim, subject, claim->begins);
	if (claim->place == PLACE_UNSPOKEN || says_nothing)
		claim->result.verdict = RANGE_SILENT;
	if (says_nothing)
		claim->place = PLACE_NONE;
	/* Our own facts are complete: an open beginning is the first version that there was. */
	bool affected = claim->result.verdict == RANGE_AFFECTED && !hit->single;
	claim->vague = affected && claim->source != SOURCE_REVIEW && hit->start.size == 0 &&
		       !branch_is_same(hit->end, subject->version, branch_of_claim(claim, subject));
	claim->endless = affected && claim->source == SOURCE_DESCRIPTION && hit->start.size > 0 && hit->end.size == 0;
}

bool claim_files_are_named(struct span files)
{
	return files.size > 0 && !span_ends_text(files, "/") && !span_ends_text(files, "*");
}
