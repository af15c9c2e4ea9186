/* Vulnerability identifiers as numbers, so that the store stays small and sorts by year. */
#ifndef ASSAY_VULN_IDENTIFIER_H
#define ASSAY_VULN_IDENTIFIER_H

#include "base/span.h"

enum { IDENTIFIER_TEXT_SIZE = 32 };

/* "CVE-2014-0160" and "OSV-2020-286" as a number; 0 for anything else. */
int64_t identifier_parse(struct span text);
/* Writes the name of a number that identifier_parse() gave. */
void identifier_format(int64_t identifier, char out[static IDENTIFIER_TEXT_SIZE]);

#endif
