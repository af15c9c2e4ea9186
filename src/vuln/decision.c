#include "vuln/decision.h"

#include "vuln/branch.h"
#include "vuln/fixed_version.h"
#include "vuln/version.h"

#define NO_BEGIN "in which version did the fault begin?"

/* Fuzzers speak only where nobody else does. */
static bool is_witness(const struct claim *claim)
{
	return claim->source != SOURCE_DISTRIBUTION && claim->source != SOURCE_FUZZING;
}

/* The least is believed most: what was looked into by hand before all sources. */
static int belief(const struct claim *claim)
{
	if (claim->source == SOURCE_ADVISORY)
		return 2 * SOURCE_ADP + 1;
	return claim->source == SOURCE_REVIEW ? 0 : 2 * (int)claim->source;
}

static const struct claim *own_claim(const struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->all[i].own && claims->all[i].result.verdict != RANGE_SILENT)
			return &claims->all[i];
	return NULL;
}

static const struct claim *most_believed(const struct claims *claims, bool witnesses)
{
	const struct claim *best = NULL;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->all[i];
		if (claim->own || claim->result.verdict == RANGE_SILENT || is_witness(claim) != witnesses)
			continue;
		bool better = !best || belief(claim) < belief(best) ||
			      (claim->source == best->source && claim->result.verdict == RANGE_AFFECTED &&
			       (best->result.verdict != RANGE_AFFECTED || (best->vague && !claim->vague)));
		if (better)
			best = claim;
	}
	return best;
}

/* The first source, in order of belief, that says the contrary. */
static const struct claim *contrary(const struct claims *claims, const struct claim *best)
{
	const struct claim *other = NULL;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->all[i];
		bool against = is_witness(claim) && claim->source != best->source &&
			       claim->result.verdict != RANGE_SILENT && claim->result.verdict != best->result.verdict;
		if (against && (!other || belief(claim) < belief(other)))
			other = claim;
	}
	return other;
}

/* The most believed of the sources by which the version comes before the fault; NULL where there is none. */
static const struct claim *begins_later(const struct claims *claims)
{
	const struct claim *found = NULL;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->all[i];
		bool says = claim->result.verdict == RANGE_UNAFFECTED && claim->place == PLACE_BEFORE;
		if (says && !claim->own && (!found || belief(claim) < belief(found)))
			found = claim;
	}
	return found;
}

static bool is_open(const struct claim *claim)
{
	return !claim->result.hit.single && claim->result.hit.start.size == 0;
}

/* A range that somebody knows to reach down to this version or below. */
static const struct claim *evidenced(const struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->all[i].result.verdict == RANGE_AFFECTED && !claims->all[i].own && !is_open(&claims->all[i]))
			return &claims->all[i];
	return NULL;
}

/* Source files that a claim names; where the most believed one does not, another may. */
static struct span files_of(const struct claims *claims, const struct claim *best)
{
	struct span files = best->files;
	for (size_t i = 0; !claim_files_are_named(files) && i < claims->count; i++)
		if (files.size == 0 || claim_files_are_named(claims->all[i].files))
			files = claims->all[i].files;
	return files.size == 0 || (!claim_files_are_named(files) && claim_files_are_named(claims->files)) ? claims->files : files;
}

/* One source spares the version, and what another says against it is told. */
static struct decision spared_by(const struct claim *claim, struct span says, const struct claim *against,
				 struct span version, struct arena *arena)
{
	struct decision decision = { .source = claim->source };
	decision_premise(&decision, "range", says);
	decision_spare(&decision, "vulnerable_code_not_present",
		       arena_format(arena, "%.*s; against it, %.*s", SPAN_FORMAT(says),
				    SPAN_FORMAT(claim_words(against, version, arena))));
	return decision;
}

static struct decision overruled(const struct claim *best, const struct claim *other, struct span version,
				 struct arena *arena)
{
	struct span why = best->why;
	struct span says = arena_format(arena, "%s says that %.*s is not affected%s%.*s%s",
					store_source_title(best->source), SPAN_FORMAT(version), why.size > 0 ? " (" : "",
					SPAN_FORMAT(why), why.size > 0 ? ")" : "");
	return spared_by(best, says, other, version, arena);
}

static struct decision mended_before(const struct claim *mended, const struct claim *best, struct span version,
				     struct arena *arena)
{
	struct span says = arena_format(arena, "%s has %.*s as the version that mended it in this branch",
					store_source_title(mended->source), SPAN_FORMAT(mended->mended));
	return spared_by(mended, says, best, version, arena);
}

static struct decision came_later(const struct claim *later, const struct claim *best, struct span version,
				  struct arena *arena)
{
	struct decision decision = { .source = later->source };
	struct span words = claim_words(best, version, arena);
	struct span source = claim_source_words(later, arena);
	decision_spare(&decision, "vulnerable_code_not_present",
		       arena_format(arena, "the fault begins with %.*s (%.*s), and this is %.*s; against it, %.*s",
				    SPAN_FORMAT(later->begins), SPAN_FORMAT(source), SPAN_FORMAT(version),
				    SPAN_FORMAT(words)));
	decision_premise(&decision, "range", arena_format(arena, "begins with %.*s (%.*s)", SPAN_FORMAT(later->begins),
							  SPAN_FORMAT(source)));
	return decision;
}

/* Nobody counts the version as affected. */
static struct decision not_counted(const struct claims *claims, const struct claim_subject *subject, struct arena *arena)
{
	struct decision decision = { 0 };
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->all[i];
		if (claim->place != PLACE_UNSPOKEN)
			continue;
		decision.source = claim->source;
		struct span branch = claim->series.size > 0 ? claim->series : branch_of(subject->version, subject->branch);
		decision_review(&decision, arena_format(arena, "%s speaks of branches from %.*s on, and nobody of branch %.*s",
							store_source_title(claim->source), SPAN_FORMAT(claim->begins),
							SPAN_FORMAT(branch)),
				arena_format(arena, "does branch %.*s have the fault?", SPAN_FORMAT(branch)));
		return decision;
	}
	return decision;
}

/* An own package that is affected, or fixed; true where that decides. */
static bool decide_own(const struct claims *claims, const struct claim *best, const struct claim_subject *subject,
		       struct decision *decision, struct arena *arena)
{
	const struct claim *own = own_claim(claims);
	if (!own)
		return false;
	if (own->result.verdict == RANGE_AFFECTED) {
		/* To be older than a fix means nothing where the fault came later, or upstream had mended it before. */
		bool never = best && !own->patched && (best->place != PLACE_AFTER || best->source == SOURCE_REVIEW);
		if (never && best->result.verdict == RANGE_UNAFFECTED) {
			*decision = overruled(best, own, subject->version, arena);
			return true;
		}
		*decision = (struct decision){ .status = "affected", .source = own->source, .own = true,
					       .fixed = own->result.fixed, .part = best ? best->part : own->part,
					       .usual = true,
					       .reason = claim_words(own, subject->version, arena) };
		decision_premise(decision, "package", decision->reason);
		return true;
	}
	if (!best || best->result.verdict != RANGE_AFFECTED)
		return true; /* nobody counts it as affected */
	struct span words = claim_words(best, subject->version, arena);
	*decision = (struct decision){ .source = own->source, .own = true };
	const char *says = own->result.never ? "says that its package is not affected" : "fixed it in an earlier package";
	struct span reason = arena_format(arena, "%.*s, but its distribution %s", SPAN_FORMAT(words), says);
	decision_premise(decision, "package", arena_format(arena, "its distribution %s", says));
	if (own->result.never) {
		decision_spare(decision, "vulnerable_code_not_present", reason);
		return true;
	}
	decision->status = "fixed";
	decision->reason = reason;
	return true;
}

/* A version that is no newer was patched. */
static void tell_patched(struct decision *decision, const struct beginning *beginning, struct arena *arena)
{
	struct span seen = arena_format(arena, "a distribution patched %.*s (%.*s)", SPAN_FORMAT(beginning->patched),
					SPAN_FORMAT(beginning->by));
	decision->reason = arena_format(arena, "%.*s; %.*s", SPAN_FORMAT(decision->reason), SPAN_FORMAT(seen));
	decision_premise(decision, "source", seen);
}

/* The code was looked for in a version that is no older, and no trace of it was there. */
static bool decide_missing(const struct claims *claims, const struct claim *best, const struct claim_subject *subject,
			   struct decision *decision, struct arena *arena)
{
	const struct beginning *beginning = &claims->beginning;
	bool open = is_open(best) && best->source != SOURCE_REVIEW && !evidenced(claims);
	if (!open || !beginning_is_behind(beginning, subject->order, subject->version))
		return false;
	struct span words = claim_words(best, subject->version, arena);
	struct span seen = arena_format(arena, "%.*s has nothing of the code that its fix mends (%.*s)",
					SPAN_FORMAT(beginning->missing), SPAN_FORMAT(beginning->by));
	*decision = (struct decision){ .source = best->source };
	decision_premise(decision, "source", seen);
	decision_spare(decision, "vulnerable_code_not_present",
		       arena_format(arena, "%.*s; against it, %.*s", SPAN_FORMAT(seen), SPAN_FORMAT(words)));
	return true;
}

/* What stands in the way of a plain 'affected'. */
static void weigh(struct decision *decision, const struct claims *claims, const struct claim *best,
		  const struct claim_subject *subject, struct arena *arena)
{
	const struct claim *known = is_open(best) ? evidenced(claims) : NULL;
	const struct claim *other = contrary(claims, best);
	if (best->vague && known)
		decision->reason = arena_format(arena, "%.*s; %.*s begins before it (%s)", SPAN_FORMAT(decision->reason),
						SPAN_FORMAT(claim_range_words(&known->result.hit, arena)),
						store_source_title(known->source));
	else if (best->vague && beginning_is_before(&claims->beginning, subject->order, subject->version))
		tell_patched(decision, &claims->beginning, arena);
	else if (best->vague)
		decision_review(decision, arena_format(arena, "%.*s; no first affected version is named by %s",
						       SPAN_FORMAT(decision->reason), store_source_title(best->source)),
				SPAN_LITERAL(NO_BEGIN));
	if (best->endless)
		decision_review(decision, arena_format(arena, "%.*s; no version that mended it is named by %s",
						       SPAN_FORMAT(decision->reason), store_source_title(best->source)),
				SPAN_LITERAL("in which version was it mended?"));
	if (other)
		decision->reason = arena_format(arena, "%.*s; not counted as affected by %s",
						SPAN_FORMAT(decision->reason), store_source_title(other->source));
	if (best->unplaced)
		decision_review(decision, decision->reason, SPAN_LITERAL("which version does the snapshot come after?"));
	if (best->platform.size > 0)
		decision_review(decision, arena_format(arena, "%.*s, but only together with %.*s",
						       SPAN_FORMAT(decision->reason), SPAN_FORMAT(best->platform)),
				arena_format(arena, "does it run on %.*s?", SPAN_FORMAT(best->platform)));
}

/* What only distributions say, where those who speak of upstream's versions name others. */
static void weigh_hearsay(struct decision *decision, const struct claims *claims, const struct claim *best,
			  struct arena *arena)
{
	if (best->source != SOURCE_DISTRIBUTION || !claims->stated || !decision_is(decision, "affected"))
		return;
	const char *others = claims->asked ? "other versions" : "other products";
	decision_review(decision, arena_format(arena, "%.*s; those who speak of upstream name %s", SPAN_FORMAT(decision->reason),
					       others),
			SPAN_LITERAL("does the fault concern this version, as distributions say?"));
}

/* A range that leaves open where it begins yields to one that says; one that is the branch's own yields to none of another. */
static const struct claim *narrower(const struct claims *claims, const struct claim *best, const struct claim_subject *subject)
{
	const struct claim *later = begins_later(claims);
	const struct range *hit = &best->result.hit;
	bool wide = is_open(best) || best->source == SOURCE_NVD_OVERRIDE;
	bool exact = !is_open(best) && branch_is_same(hit->end, subject->version, subject->branch);
	if (!later || !wide || best->source == SOURCE_REVIEW)
		return NULL;
	return exact && !branch_is_same(later->begins, subject->version, subject->branch) ? NULL : later;
}

static bool is_of_branch(struct span bound, const struct claim_subject *subject)
{
	return bound.size > 0 && branch_is_same(bound, subject->version, subject->branch) &&
	       !branch_begins_with(bound, subject->branch);
}

/*
 * Who follows Linux's faults leaves out branches that he does not follow, and his range goes on through them: there
 * another source counts that names the version which mended the version's own branch.
 */
static bool leaves_out_branch(const struct claim *best, const struct claim_subject *subject)
{
	return best->source == SOURCE_TRACKER && !is_of_branch(best->result.hit.end, subject);
}

/* The first source by which the version's own branch was mended before it. */
static const struct claim *mended_in_branch(const struct claims *claims, const struct claim *best,
					    const struct claim_subject *subject)
{
	if (!leaves_out_branch(best, subject))
		return NULL;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->all[i];
		if (is_witness(claim) && claim->result.verdict == RANGE_UNAFFECTED && is_of_branch(claim->mended, subject))
			return claim;
	}
	return NULL;
}

/* The version that will have mended the version's own branch, by the first source that has one. */
static void find_fixed_in_branch(struct decision *decision, const struct claims *claims, const struct claim *best,
				 const struct claim_subject *subject)
{
	if (!leaves_out_branch(best, subject))
		return;
	for (size_t i = 0; i < claims->count && !is_of_branch(decision->fixed, subject); i++) {
		const struct claim *claim = &claims->all[i];
		if (is_witness(claim) && claim->result.verdict == RANGE_AFFECTED && is_of_branch(claim->result.fixed, subject))
			decision->fixed = claim->result.fixed;
	}
}

/*
 * The first version without the fault, where the most believed source says with which it ends: the lowest that another one
 * names behind that.
 */
static void find_fixed(struct decision *decision, const struct claims *claims, const struct claim *best,
		       const struct claim_subject *subject)
{
	const struct range *hit = &best->result.hit;
	if (decision->fixed.size > 0 || best->unplaced)
		return;
	decision->last = hit->single ? hit->start : hit->end_excluded ? SPAN_NONE : hit->end;
	decision->list = best->list;
	for (size_t i = 0; i < claims->count; i++) {
		struct span fixed = fixed_version_of(claims, &claims->all[i], subject);
		if (claims->all[i].source == SOURCE_DISTRIBUTION || claims->all[i].result.verdict != RANGE_AFFECTED || fixed.size == 0)
			continue;
		bool behind = decision->last.size == 0 || version_compare(subject->order, fixed, decision->last) > 0;
		bool lower = decision->fixed.size == 0 || version_compare(subject->order, fixed, decision->fixed) < 0;
		if (behind && lower && range_judge(subject->order, best->list, fixed).verdict != RANGE_AFFECTED)
			decision->fixed = fixed;
	}
}

struct decision decide(const struct claims *claims, const struct claim_subject *subject, struct arena *arena)
{
	const struct claim *best = most_believed(claims, true);
	if (!best)
		best = most_believed(claims, false);
	struct decision decision = { 0 };
	if (decide_own(claims, best, subject, &decision, arena))
		return decision;
	if (!best)
		return not_counted(claims, subject, arena);
	const struct claim *other = contrary(claims, best);
	if (best->result.verdict == RANGE_UNAFFECTED)
		return other ? overruled(best, other, subject->version, arena) : not_counted(claims, subject, arena);
	const struct claim *later = narrower(claims, best, subject);
	if (later)
		return came_later(later, best, subject->version, arena);
	const struct claim *mended = mended_in_branch(claims, best, subject);
	if (mended)
		return mended_before(mended, best, subject->version, arena);
	if (decide_missing(claims, best, subject, &decision, arena))
		return decision;
	decision = (struct decision){ .status = "affected", .source = best->source, .part = best->part, .usual = best->usual,
				      .files = files_of(claims, best),
				      .fixed = fixed_version_of(claims, best, subject), .reason = claim_words(best, subject->version, arena) };
	find_fixed(&decision, claims, best, subject);
	find_fixed_in_branch(&decision, claims, best, subject);
	decision_premise(&decision, "range", decision.reason);
	weigh(&decision, claims, best, subject, arena);
	weigh_hearsay(&decision, claims, best, arena);
	return decision;
}
