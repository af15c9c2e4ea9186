#include "vuln/claim.h"

/* "[1.14.0, 1.21.0)", with "…" for an open end. */
static struct span range_words(const struct range *range, struct arena *arena)
{
	struct span open = SPAN_LITERAL("…");
	struct span start = range->start.size ? range->start : open, end = range->end.size ? range->end : open;
	bool after = range->start_excluded || range->start.size == 0;
	bool before = range->end_excluded || range->end.size == 0;
	return arena_format(arena, "%c%.*s, %.*s%c", after ? '(' : '[', SPAN_FORMAT(start), SPAN_FORMAT(end),
			    before ? ')' : ']');
}

static struct span affected_words(const struct claim *claim, struct span version, struct arena *arena)
{
	const char *source = store_source_title(claim->source);
	const struct range *hit = &claim->result.hit;
	if (claim->own)
		return arena_format(arena, "its package is older than %.*s, in which its distribution fixed it",
				    SPAN_FORMAT(hit->end));
	if (claim->source == SOURCE_DISTRIBUTION)
		return arena_format(arena, "%.*s is older than %.*s, for which a distribution has a fix; "
				    "no source says in which version the fault begins", SPAN_FORMAT(version),
				    SPAN_FORMAT(hit->end));
	if (hit->single)
		return arena_format(arena, "%.*s is listed (%s)", SPAN_FORMAT(version), source);
	struct span words = range_words(hit, arena);
	if (claim->unplaced)
		return arena_format(arena, "%.*s is the day of a snapshot, whose place among the versions is not known; "
				    "affected are %.*s (%s)", SPAN_FORMAT(version), SPAN_FORMAT(words), source);
	return arena_format(arena, "%.*s lies in %.*s (%s)", SPAN_FORMAT(version), SPAN_FORMAT(words), source);
}

/* The first number: what is in front of the first point. */
static struct span major_of(struct span version)
{
	struct span major = SPAN_NONE;
	if (span_byte(version, 0) == 'v')
		version = span_from(version, 1);
	return span_next_field(&version, '.', &major) ? major : SPAN_NONE;
}

bool claim_is_vague(const struct claim *claim, struct span version)
{
	const struct range *hit = &claim->result.hit;
	bool open = claim->result.verdict == RANGE_AFFECTED && !hit->single && hit->start.size == 0;
	return open && claim->source == SOURCE_DESCRIPTION && !span_equal(major_of(hit->end), major_of(version));
}

/* Distributions and fuzzers speak only where nobody else does. */
static bool is_witness(const struct claim *claim)
{
	return claim->source != SOURCE_DISTRIBUTION && claim->source != SOURCE_FUZZING;
}

/* The word of the distribution that built the package; NULL where there is none. */
static const struct claim *own_claim(const struct claims *claims)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->all[i].own)
			return &claims->all[i];
	return NULL;
}

/* The least is believed most: what was looked into by hand before all sources. */
static int belief(const struct claim *claim)
{
	return claim->source == SOURCE_REVIEW ? 0 : (int)claim->source;
}

static const struct claim *most_believed(const struct claims *claims, bool witnesses)
{
	const struct claim *best = NULL;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->all[i];
		if (claim->result.verdict == RANGE_SILENT || is_witness(claim) != witnesses)
			continue;
		bool better = !best || belief(claim) < belief(best) ||
			      (claim->source == best->source && claim->result.verdict == RANGE_AFFECTED &&
			       best->result.verdict != RANGE_AFFECTED);
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
			       claim->result.verdict != RANGE_SILENT &&
			       claim->result.verdict != best->result.verdict;
		if (against && (!other || claim->source < other->source))
			other = claim;
	}
	return other;
}

static struct decision overruled(const struct claim *best, const struct claim *other, struct span version,
				 struct arena *arena)
{
	struct span words = affected_words(other, version, arena);
	return (struct decision){
		.status = "not affected",
		.reason = arena_format(arena, "%s says that %.*s is not affected; against it, %.*s",
				       store_source_title(best->source), SPAN_FORMAT(version), SPAN_FORMAT(words)),
		.source = best->source,
	};
}

struct decision claims_decide(const struct claims *claims, struct span version, struct arena *arena)
{
	const struct claim *own = own_claim(claims);
	bool built_affected = own && own->result.verdict == RANGE_AFFECTED;
	const struct claim *best = most_believed(claims, true);
	/* To be older than a fix means nothing where the fault came later. */
	bool came_later = built_affected && best && best->result.verdict == RANGE_UNAFFECTED;
	if (came_later)
		return overruled(best, own, version, arena);
	if (built_affected)
		best = own;
	if (!best)
		best = most_believed(claims, false);
	if (!best)
		return (struct decision){ 0 };
	const struct claim *other = contrary(claims, best);
	if (best->result.verdict == RANGE_UNAFFECTED)
		return other ? overruled(best, other, version, arena) : (struct decision){ 0 };
	struct decision decision = { .status = "affected", .source = best->source, .part = best->part, .files = best->files,
				     .fixed = best->result.fixed, .own = best->own,
				     .reason = affected_words(best, version, arena) };
	if (best->unplaced || (best->source == SOURCE_DISTRIBUTION && !best->own))
		decision.status = "under review";
	if (own && own->result.verdict == RANGE_UNAFFECTED) {
		decision.status = own->result.never ? "not affected" : "fixed";
		decision.reason = arena_format(arena, "%.*s, but its distribution %s", SPAN_FORMAT(decision.reason),
					       own->result.never ? "says that its packages never were affected"
								 : "fixed it in an earlier package");
		return decision;
	}
	if (best->vague) {
		decision.status = "under review";
		decision.reason = arena_format(arena, "%.*s; %s names no first affected version",
					       SPAN_FORMAT(decision.reason), store_source_title(best->source));
	}
	if (other)
		decision.reason = arena_format(arena, "%.*s; %s does not count it as affected",
					       SPAN_FORMAT(decision.reason), store_source_title(other->source));
	if (best->platform.size > 0) {
		decision.status = "under review";
		decision.reason = arena_format(arena, "%.*s, but only together with %.*s", SPAN_FORMAT(decision.reason),
					       SPAN_FORMAT(best->platform));
	}
	return decision;
}
