/*
 * Our own facts about faults of devices (data/vulnerabilities/device-facts.tsv), for what the feeds name without models.
 * Fields are parted by tabs:
 *     CVE  maker  models  ranges  why
 * Models are words as of a record ("DIR-860L", "TL-WR940N v2, TL-WR940N v4"); ranges (vuln/range.h) hold versions of their
 * firmware, '-' for none that is known. Facts of one CVE follow each other.
 */
#ifndef ASSAY_VULN_DEVICE_FACTS_H
#define ASSAY_VULN_DEVICE_FACTS_H

#include "vuln/builder.h"

struct device_fact {
	int64_t id;
	struct span maker, models, ranges, why; /* ranges are empty for '-' */
};

/* Takes the next fact off the rest of the file, which begins as device_facts_text(); false at the end. */
bool device_facts_next(struct span *rest, struct device_fact *out);
struct span device_facts_text(void);
/* States them all, as the feed under way. */
enum outcome device_facts_state(struct builder *builder) MUST_CHECK;

#endif
