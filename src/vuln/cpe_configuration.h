/*
 * Configurations of CPE names: `configurations` of NVD's API 2.0, and `cpeApplicability` of CVE records from 5.1 on, which
 * are of the same form.
 */
#ifndef ASSAY_VULN_CPE_CONFIGURATION_H
#define ASSAY_VULN_CPE_CONFIGURATION_H

#include "base/json_scan.h"
#include "vuln/device_feed.h"

struct cpe_reader {
	struct builder *builder;
	struct buffer product, version, platform;
	struct device_feed devices;
	struct builder_scope scope; /* of all that is stated */
	bool foreign;               /* some of it is about systems that are not matched */
};

void cpe_reader_init(struct cpe_reader *reader, struct builder *builder);
void cpe_reader_done(struct cpe_reader *reader);
/*
 * States the ranges of a list of configurations for the record under way, but of products that entries before the one of
 * the scope have: those say it in the maker's own words. Files in the scope are Linux's.
 */
enum outcome cpe_reader_take(struct cpe_reader *reader, const struct json_value *configurations,
			     const struct builder_scope *scope) MUST_CHECK;

#endif
