/*
 * What the lists of distributions show about upstream's versions, whoever built the component.
 * A package is fixed in one of two ways: its packager took a new upstream version ("1.34.0-r0"),
 * which then has the fix; or he patched the version that he ships ("1.33.1-r4", "2.2.10-2+deb11u1"),
 * which then had the fault. Patches never bound upstream's range.
 */
#ifndef ASSAY_VULN_DISTRIBUTION_H
#define ASSAY_VULN_DISTRIBUTION_H

#include "vuln/range.h"

enum { DISTRIBUTION_FIXES_MAX = 8 };

/* Releases by which rows about upstream itself are stored. */
#define RELEASE_UPSTREAM "upstream" /* ranges of upstream's versions, from a distribution's tracker */
#define RELEASE_BEGINS "begins"     /* [1.27.0,*]: the version in which the fault came, from its notes */

struct distribution {
	enum version_order order;
	struct span patched_first, patched_last; /* upstream versions that had the fault when they were patched; may be empty */
	struct span snapshot_last; /* newest upstream version after which a snapshot had to be taken for the fix; may be empty */
	struct span begins;                      /* may be empty */
	struct span fixed[DISTRIBUTION_FIXES_MAX]; /* upstream versions with the fix, one of each branch */
	size_t fixed_count;
};

/* Takes up a row of a release; its spans must outlive the distribution. */
void distribution_add(struct distribution *distribution, struct span release, struct span ranges);
/*
 * What all of it says about an upstream version: affected where it is older than the fix of its branch, or than
 * all fixes; hit.start is then the oldest version that is known to have had the fault, and empty where the version
 * is older than that. branch is the number of fields that name a branch.
 */
struct range_result distribution_judge(const struct distribution *distribution, size_t branch, struct span version);

/* True where the fixed package patches the upstream version that the other package has too: "7.4.33-1+deb11u5" and "7.4.33-1". */
bool distribution_is_patch(struct span fixed, struct span package_version);
/* "1:1.30.1-6+deb11u1", "1.31.1-r11" and "1.2.3+dfsg-4" without epoch, repacking and revision; empty for a snapshot. */
struct span distribution_upstream(struct span package_version);

#endif
