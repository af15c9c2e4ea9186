/*
 * Our own facts about faults of components (data/vulnerabilities/component-facts.tsv), for what the feeds
 * leave open or say too widely. Fields are parted by tabs, '-' stands for what is not said:
 *     CVE  product  ranges  part  why  [score  vector]
 * product is vendor:product of a CPE name. ranges (vuln/range.h) hold all versions with the fault; '-' says
 * that none has it: what the CVE is about is no fault of this product. part is the part of the component that
 * has it, as upstream names it, or several with blanks between them, one of which is enough; with '+' before
 * them the fault counts until the image shows that it lacks them, as for what upstream or most makers build, or
 * what a program that was read surely shows; without, the match waits until the part is seen. why is where that
 * is known from, in words. score and vector are of CVSS 3.1, for what no feed scores; they yield to every
 * publisher's.
 */
#ifndef ASSAY_VULN_COMPONENT_FACTS_H
#define ASSAY_VULN_COMPONENT_FACTS_H

#include "base/span.h"

/* Spans point into the program's own data. */
struct component_fact {
	int64_t id;
	struct span product, ranges, part, why;
	bool usual;               /* '+' before the part */
	double score;             /* negative where there is none */
	struct span cvss, vector; /* "3.1" and the whole vector; empty where there is no score */
};

/* Takes the next fact off the rest of the file, which begins as component_facts_text(); false at the end. */
bool component_facts_next(struct span *rest, struct component_fact *out);
struct span component_facts_text(void);

#endif
