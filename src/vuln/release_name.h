/* Code names of the releases of distributions (data/vulnerabilities/releases.tsv). */
#ifndef ASSAY_VULN_RELEASE_NAME_H
#define ASSAY_VULN_RELEASE_NAME_H

#include "base/span.h"

/* "11" for "debian" and "bullseye"; empty where it is not known. The span points into the program's data. */
struct span release_number(const char *family, struct span code_name);

#endif
