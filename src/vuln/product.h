/*
 * Names of products: how CVE records' vendor and product words become the "vendor:product" of CPE names. Those whose CPE
 * name is another stand in data/vulnerabilities/aliases.tsv, sorted.
 */
#ifndef ASSAY_VULN_PRODUCT_H
#define ASSAY_VULN_PRODUCT_H

#include "base/buffer.h"

struct product_alias {
	struct span words, name; /* of the program's own data */
};

/* Writes the name in place of what the buffer holds; NOT_THIS where the words name no product. */
enum outcome product_name(struct buffer *out, struct span vendor, struct span product) MUST_CHECK;
/* Takes the next alias off the rest of the file, which begins as product_aliases(); false at the end, or at a broken line. */
bool product_alias_next(struct span *rest, struct product_alias *out);
struct span product_aliases(void);

#endif
