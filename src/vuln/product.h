/*
 * Names of products: how CVE records' vendor and product words become the "vendor:product" of CPE names. Those whose CPE
 * name is another stand in data/vulnerabilities/aliases.tsv, sorted.
 */
#ifndef ASSAY_VULN_PRODUCT_H
#define ASSAY_VULN_PRODUCT_H

#include "base/buffer.h"

/* Writes the name in place of what the buffer holds; NOT_THIS where the words name no product. */
enum outcome product_name(struct buffer *out, struct span vendor, struct span product) MUST_CHECK;

#endif
