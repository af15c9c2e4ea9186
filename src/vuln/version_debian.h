/* Debian's order of package versions, which opkg and dpkg share. */
#ifndef ASSAY_VULN_VERSION_DEBIAN_H
#define ASSAY_VULN_VERSION_DEBIAN_H

#include "base/span.h"

/* epoch:upstream-revision; '~' sorts before the end. */
int version_compare_debian(struct span a, struct span b);

#endif
