/*
 * Ranges in words: what CVE descriptions by custom say right behind a product's name
 * ("dnsmasq before 2.78", "PHP before 5.4.38, 5.5.x before 5.5.22, and 5.6.x before
 * 5.6.6", "Perl through 5.26.2"). Read only where no one states ranges as data.
 */
#ifndef ASSAY_VULN_DESCRIPTION_H
#define ASSAY_VULN_DESCRIPTION_H

#include "vuln/builder.h"

/*
 * States the ranges of every product that the text names so, for the record under
 * way. *found says whether there was any and all was clear; else the record is void.
 */
enum outcome description_ranges(struct builder *builder, struct span text, bool *found) MUST_CHECK;

/* True where the text says by custom that the record is disputed ("** DISPUTED **", "NOTE: … dispute"). */
bool description_disputed(struct span text);

/*
 * States the ranges of the text as a record of its own, of the feed under way, where any are clear: for vulnerabilities
 * of which nobody there states ranges as data.
 */
enum outcome description_record(struct builder *builder, int64_t id, struct span stamp, struct span text) MUST_CHECK;

#endif
