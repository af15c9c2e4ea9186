/*
 * Which versions a source says are affected, as the store writes it: items with a
 * blank between them.
 *     =1.0.1e          that version
 *     [1.0.1,1.0.1g)   from (including) up to (excluding); '*' for an open end
 *     ![3.16.66,3.16.*]  not affected, whatever the others say; 3.16.* is the whole branch
 */
#ifndef ASSAY_VULN_RANGE_H
#define ASSAY_VULN_RANGE_H

#include "base/buffer.h"
#include "identify/recogniser.h"

struct range {
	bool unaffected;
	bool start_excluded, end_excluded;
	struct span start, end; /* empty where open; the same for a single version */
	bool single;
};

enum range_verdict {
	RANGE_SILENT,     /* the source lists versions one by one, and this one is not among them */
	RANGE_AFFECTED,
	RANGE_UNAFFECTED, /* outside all ranges, or inside one that is said to be unaffected */
};

struct range_result {
	enum range_verdict verdict;
	struct range hit;   /* the bounds around the version, of an affected one */
	struct span fixed;  /* first version that the source says is not affected; empty where it names none */
	bool never;         /* a distribution says that its package is not affected, and names no fix */
};

/* Appends an item. Bounds that are no versions, or hold a blank, give NOT_THIS and append nothing. */
enum outcome range_append(struct buffer *out, const struct range *range) MUST_CHECK;
/* Takes the next item off *rest; false at the end or where the text is broken. */
bool range_next(struct span *rest, struct range *out);
/* Whether the range holds the version. */
bool range_holds(enum version_order order, const struct range *range, struct span version);
/* What the whole list says about a version. Spans of the result point into the list. */
struct range_result range_judge(enum version_order order, struct span list, struct span version);
/* Where a version lies among the affected ranges that do not hold it. */
struct range_place {
	struct span below; /* highest end that lies before the version, or at it; empty where there is none */
	struct span above; /* lowest start behind it; empty where there is none */
};
struct range_place range_place(enum version_order order, struct span list, struct span version);
/* True where a list says of the version itself, and not by leaving it out, that it is not affected. */
bool range_excludes(enum version_order order, struct span list, struct span version);
/* What it says about a version whose place is not known: affected with its last range, where it names one; else silent. */
struct range_result range_judge_unplaced(struct span list);

#endif
