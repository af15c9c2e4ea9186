#include "vuln/fixed_version.h"

#include "vuln/branch.h"
#include "vuln/version.h"

enum { TURNS_MAX = 64 };

/* The lowest beginning of the fault behind a version in its series, by the lists of a source; empty where there is none. */
static struct span begins_again(const struct claims *claims, enum store_source source, const struct claim_subject *subject,
				struct span version)
{
	struct span found = SPAN_NONE;
	struct range range;
	for (size_t i = 0; i < claims->count; i++)
		for (struct span rest = claims->all[i].list; claims->all[i].source == source && range_next(&rest, &range);) {
			bool behind = !range.unaffected && branch_is_same(range.start, version, subject->branch) &&
				      version_compare(subject->order, range.start, version) > 0;
			if (behind && (found.size == 0 || version_compare(subject->order, range.start, found) < 0))
				found = range.start;
		}
	return found;
}

/* The list of a source by which a version has the fault; empty where none says so. */
static struct span list_with(const struct claims *claims, enum store_source source, const struct claim_subject *subject,
			     struct span version)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->all[i].source == source &&
		    range_judge(subject->order, claims->all[i].list, version).verdict == RANGE_AFFECTED)
			return claims->all[i].list;
	return SPAN_NONE;
}

struct span fixed_version_of(const struct claims *claims, const struct claim *best, const struct claim_subject *subject)
{
	struct span fixed = best->result.fixed;
	size_t turns = 0;
	if (branch_is_same(fixed, subject->version, subject->branch)) /* 3.11 of 3.11-rc4 */
		return fixed;
	while (subject->branch > 0 && branch_begins_with(fixed, subject->branch) && turns++ < TURNS_MAX) {
		struct span list = list_with(claims, best->source, subject, fixed);
		struct span again = list.size > 0 ? fixed : begins_again(claims, best->source, subject, fixed);
		if (again.size == 0)
			return fixed;
		list = list.size > 0 ? list : list_with(claims, best->source, subject, again);
		struct span next = list.size > 0 ? range_judge(subject->order, list, again).fixed : SPAN_NONE;
		fixed = next.size > 0 && version_compare(subject->order, next, fixed) > 0 ? next : SPAN_NONE;
	}
	return turns < TURNS_MAX ? fixed : SPAN_NONE;
}
