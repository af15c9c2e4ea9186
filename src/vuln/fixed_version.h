/* With which version a fault is mended, by the source that is believed. */
#ifndef ASSAY_VULN_FIXED_VERSION_H
#define ASSAY_VULN_FIXED_VERSION_H

#include "vuln/claim.h"

/*
 * The end of the range that holds the version. Where that is the first version of another series, the series of the version may
 * only have come to its end with the fault ("[3.10.16,3.11) [3.11.5,3.12)", and 3.12 in another list of the source): then the
 * end of those in which the source says that it went on. Empty where the source names none.
 */
struct span fixed_version_of(const struct claims *claims, const struct claim *best, const struct claim_subject *subject);

#endif
