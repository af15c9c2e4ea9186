/* Joins components with the vulnerability store. */
#ifndef ASSAY_VULN_MATCH_H
#define ASSAY_VULN_MATCH_H

#include "evidence/evidence.h"
#include "identify/recogniser.h"
#include "vuln/store.h"

/*
 * component → vulnerability, vulnerability_store. A component without a version
 * matches nothing. vex_apply() follows. store may be NULL: then there are no rows.
 */
enum outcome match_components(struct evidence *evidence, struct store *store,
			      const struct recognisers *recognisers) MUST_CHECK;

#endif
