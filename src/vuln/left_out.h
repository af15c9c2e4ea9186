/* Of how many vulnerabilities a store has nothing to match, and why: table left_out (store.sql). */
#ifndef ASSAY_VULN_LEFT_OUT_H
#define ASSAY_VULN_LEFT_OUT_H

#include "base/outcome.h"
#include "vuln/store.h"

enum { LEFT_OUT_REASONS = 4 };

struct left_out {
	const char *words; /* behind the number: "that were rejected" */
	int64_t count;     /* may be 0 */
};

/* All reasons. MALFORMED, NO_MEMORY: as queries of a store. */
enum outcome left_out_count(const struct store *store, struct left_out out[static LEFT_OUT_REASONS]) MUST_CHECK;

#endif
