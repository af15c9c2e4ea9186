/* Our own facts, which are in every store: of exploited faults of Linux, of components, devices and SDKs. */
#ifndef ASSAY_VULN_OWN_FACTS_H
#define ASSAY_VULN_OWN_FACTS_H

#include "vuln/builder.h"

/* States them, as the feed "assay". The builder has a store. */
enum outcome own_facts_state(struct builder *builder) MUST_CHECK;

#endif
