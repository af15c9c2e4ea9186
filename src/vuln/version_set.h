/*
 * Versions as statements name them: one version ("1.36.1"), a range in the form of vers
 * ("vers:generic/>=1.0|<1.4|!=1.2", https://github.com/package-url/vers-spec), or comparators alone (">=1.0 <1.4").
 */
#ifndef ASSAY_VULN_VERSION_SET_H
#define ASSAY_VULN_VERSION_SET_H

#include "identify/recogniser.h"

enum { VERSION_SET_MAX = 128 }; /* constraints of a range; one with more is not valid */

bool version_set_is_valid(struct span set);
/* True where, of a valid set, a beginning is followed by an end that lies before it, in any order of versions: ">=1.2 <1". */
bool version_set_is_empty(struct span set);
/* Whether a valid set holds the version. */
bool version_set_holds(enum version_order order, struct span set, struct span version);

#endif
