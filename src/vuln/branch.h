/* Branches of a component: versions that share their first fields ("2.16" of 2.16.9) and get fixes of their own. */
#ifndef ASSAY_VULN_BRANCH_H
#define ASSAY_VULN_BRANCH_H

#include "base/span.h"

/* The first fields of a version, "2.16" of "v2.16.9-rc1" for 2; all of it where it has fewer. */
struct span branch_of(struct span version, size_t fields);
bool branch_is_same(struct span a, struct span b, size_t fields);
/* True where the version is the first of its branch: "1.0.2", "2.0.0" and "3" for two fields; or all of it: "8.1.x", "8.1.*". */
bool branch_begins_with(struct span version, size_t fields);
/* True where a release is of the version: "4.14.63-openwrt" of 4.14.63, and not of 4.14 or 4.14.6. */
bool branch_has_release(struct span version, struct span release);

#endif
