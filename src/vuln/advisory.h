/* What advisories of GitHub, OSV and the EU's database have in common. */
#ifndef ASSAY_VULN_ADVISORY_H
#define ASSAY_VULN_ADVISORY_H

#include "base/json_scan.h"
#include "vuln/builder.h"

/* "CVE-2021-1", also as distributions write it ("DEBIAN-CVE-2021-1", "UBUNTU-CVE-2021-1"), or OSS-Fuzz's; 0 for none. */
int64_t advisory_identifier(struct span name);
/* Day, weakness and severity of an OSV record. Spans are the record's. */
void advisory_facts(const struct json_value *document, struct builder_facts *facts);
/* "high", "moderate": in the words of the store; empty for others. */
struct span advisory_severity(struct span word);
/* The day in "Apr 15, 2025, 8:30:58 PM" as YYYY-MM-DD, in the arena; empty where it is none. */
struct span advisory_day(struct arena *arena, struct span words);

#endif
