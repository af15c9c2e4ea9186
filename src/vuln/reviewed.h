/*
 * How far back our own facts were read (data/vulnerabilities/reviewed.tsv): product and version, parted by a tab. What
 * they say of all versions before a fix says nothing of older ones, whose code may be another.
 */
#ifndef ASSAY_VULN_REVIEWED_H
#define ASSAY_VULN_REVIEWED_H

#include "identify/recogniser.h"

/* True where a version of the product is older than what was reviewed. */
bool reviewed_is_beyond(struct span product, enum version_order order, struct span version);
/* Takes the next line off the rest of the file, which begins as reviewed_text(); false at the end. */
bool reviewed_next(struct span *rest, struct span *product, struct span *version);
struct span reviewed_text(void);

#endif
