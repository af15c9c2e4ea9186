/* Names of the reporters, for the registry alone. */
#ifndef ASSAY_REPORT_REGISTRY_H
#define ASSAY_REPORT_REGISTRY_H

#include "report/reporter.h"

extern const struct reporter reporter_cyclonedx;
extern const struct reporter reporter_csaf_vex;
extern const struct reporter reporter_html;
extern const struct reporter reporter_json;
extern const struct reporter reporter_openvex;
extern const struct reporter reporter_sarif;
extern const struct reporter reporter_terminal;

#endif
