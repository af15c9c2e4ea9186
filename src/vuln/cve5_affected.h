/* The `affected` list of a CVE 5.x record. */
#ifndef ASSAY_VULN_CVE5_AFFECTED_H
#define ASSAY_VULN_CVE5_AFFECTED_H

#include "vuln/builder.h"

/*
 * States what a container of the record says about products and versions. A record
 * that is older than one that is there is passed over.
 */
enum outcome cve5_affected(struct builder *builder, int64_t id, enum store_source source, struct span stamp,
			   const struct json_value *affected) MUST_CHECK;

#endif
