/* Gates for CI: --require-grade, --fail-on, --max-opaque. */
#ifndef ASSAY_CLI_GATE_H
#define ASSAY_CLI_GATE_H

#include "assay/assay.h"
#include "cli/options.h"

/*
 * EXIT_DONE where every gate that was asked for holds; EXIT_GATE after saying which do not; EXIT_UNUSABLE where a rule
 * could not run, so that nothing is decided.
 */
int gate_check(struct assay *assay, const struct options *options);
/* The same for what is new in a result that has been compared with an older one (assay_compare()). */
int gate_check_difference(struct assay *assay, const struct options *options);
/* Whether --fail-on asks for what is of that severity, or above it. */
bool gate_is_severe(unsigned fail_on, const char *severity);

#endif
