/*
 * What lines of facts about components (feed_components.c) keep of a CVE record: "cve5", entries {"p": product, "v":
 * versions of the record}; "trickest", [products, what a badge says of each ("2.15< 2.40", "<= v2.4", "= 2.5"),
 * versions], where the first two can be told together only for one product.
 */
#ifndef ASSAY_VULN_COMPONENT_RECORD_H
#define ASSAY_VULN_COMPONENT_RECORD_H

#include "vuln/builder.h"

/*
 * States the ranges of "cve5", with the oldest stamp, so that the record itself goes before; else, where no one has
 * stated any as data, those of "trickest", which count as words. *found says whether there was any entry of a product
 * that is known.
 */
enum outcome component_record(struct builder *builder, int64_t id, const struct json_value *line, bool stated,
			      bool *found) MUST_CHECK;

#endif
