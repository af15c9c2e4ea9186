/* Versions of an entry of the `affected` list of a CVE 5.x record. */
#ifndef ASSAY_VULN_CVE5_VERSION_H
#define ASSAY_VULN_CVE5_VERSION_H

#include "base/json_scan.h"
#include "vuln/builder.h"
#include "vuln/device_feed.h"

/* One product of the list, whose ranges are stated for the record under way. */
struct cve5_entry {
	struct builder *builder;
	struct span product;
	struct builder_scope scope;
	struct device_feed *devices; /* NULL for what is no device */
	struct span maker;           /* of a device; the product then holds its models */
	bool stated;                 /* something was */
};

/* One of its versions or ranges, as the record writes it; all may be empty. */
struct cve5_version {
	struct span status, version, below, up_to;
	bool git;
	const struct json_value *changes;
};

struct cve5_version cve5_version_of(const struct json_value *version);
/* "2.15< 2.40", "*<= 3.3", "1.0 ≤1.2", "< 1.34.0", "= 2.5", "> 4.2.0, < 4.2.4": in one text, as affected. */
struct cve5_version cve5_version_badge(struct span text);
/* others_affected: what is not listed has the fault, so that only what is unaffected says something. */
enum outcome cve5_version_add(struct cve5_entry *entry, const struct cve5_version *version, bool others_affected) MUST_CHECK;
/* All versions of an entry of the list, with its default status. */
enum outcome cve5_versions(struct cve5_entry *entry, const struct json_value *affected) MUST_CHECK;
/* A range of its own. */
enum outcome cve5_range(struct cve5_entry *entry, struct range range, struct span status) MUST_CHECK;

#endif
