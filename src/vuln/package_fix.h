/* What a distribution's list of fixed packages says about a component. */
#ifndef ASSAY_VULN_PACKAGE_FIX_H
#define ASSAY_VULN_PACKAGE_FIX_H

#include "vuln/range.h"

/*
 * In all of these, list holds "[*,FIXED)" for each release of the distribution, or "![CLEAN,*]" where nothing is said of
 * older ones.
 */

/* True where the product ("alpine/busybox") is that source package of that distribution. */
bool package_fix_is_of(struct span product, struct span distribution, struct span source);
/*
 * A package of that distribution: affected where it is older than every fixed one, unaffected where it is older than none.
 * by_release: only fixes of the same upstream version or release are weighed (Debian).
 */
struct range_result package_fix_judge(struct span list, struct span package_version, bool by_release);

#endif
