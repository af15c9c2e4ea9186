/*
 * Our own facts about the parts that faults are in (data/vulnerabilities/part-facts.tsv), where the feeds say well enough which
 * versions have the fault, and nobody says in which part. Fields are parted by tabs:
 *     component CVE  part  why
 * component is the name in data/components, with a blank behind it. part is as in vuln/component_facts.h: with '+' before it
 * the fault counts until the image shows that it lacks the part.
 */
#ifndef ASSAY_VULN_PART_FACTS_H
#define ASSAY_VULN_PART_FACTS_H

#include "base/arena.h"

struct part_fact {
	struct span key; /* "openssl CVE-2022-1292" */
	struct span part, why;
	bool usual;
};

/* Takes the next fact off the rest of the file, which begins as part_facts_text(); false at the end. */
bool part_facts_next(struct span *rest, struct part_fact *out);
struct span part_facts_text(void);
/* What is known of a fault of a component; false where nothing is. */
bool part_facts_find(struct span component, int64_t vulnerability, struct arena *arena, struct part_fact *out);

#endif
