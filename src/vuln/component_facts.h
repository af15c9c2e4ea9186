/*
 * Our own facts about faults of components (data/vulnerabilities/component-facts.tsv), for what the feeds
 * leave open or say too widely. Fields are parted by tabs, '-' stands for what is not said:
 *     CVE  product  ranges  part  why
 * product is vendor:product of a CPE name; ranges (vuln/range.h) hold all versions with the fault; part is
 * the part of the component that has it; why is where that is known from, in words.
 */
#ifndef ASSAY_VULN_COMPONENT_FACTS_H
#define ASSAY_VULN_COMPONENT_FACTS_H

#include "base/span.h"

/* Spans point into the program's own data. */
struct component_fact {
	int64_t id;
	struct span product, ranges, part, why;
};

/* Takes the next fact off the rest of the file, which begins as component_facts_text(); false at the end. */
bool component_facts_next(struct span *rest, struct component_fact *out);
struct span component_facts_text(void);

#endif
