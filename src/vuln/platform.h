/* The platforms that a CPE name or a configuration asks for. */
#ifndef ASSAY_VULN_PLATFORM_H
#define ASSAY_VULN_PLATFORM_H

#include "base/span.h"

/* True for operating systems and environments that an image of embedded Linux is not ("windows", "wordpress", …). */
bool platform_is_foreign(struct span product);
/* True for a CPE's target software that embedded Linux may be: any, "linux", "embedded", … */
bool platform_target_fits(struct span target);

#endif
