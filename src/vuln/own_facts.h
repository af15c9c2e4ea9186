/* Our own facts, which are in every store: of exploited faults of Linux, of components, devices and SDKs. */
#ifndef ASSAY_VULN_OWN_FACTS_H
#define ASSAY_VULN_OWN_FACTS_H

#include "vuln/builder.h"

/* States them, as the feed "assay". The builder has a store. */
enum outcome own_facts_state(struct builder *builder) MUST_CHECK;

/*
 * Scores of what such facts name and no feed may score (data/vulnerabilities/scores.tsv): CVE, score and vector of CVSS 3.1,
 * parted by tabs. They yield to every publisher's.
 */
struct own_score {
	int64_t id;
	double score; /* negative where it is none */
	struct span vector;
};
/* Takes the next line off the rest of the file, which begins as own_scores_text(); false at the end. */
bool own_scores_next(struct span *rest, struct own_score *out);
struct span own_scores_text(void);

#endif
