/* The product tree of a CSAF document (section 3.2.2 of CSAF 2.0): what its product ids stand for. */
#ifndef ASSAY_VULN_VEX_CSAF_PRODUCTS_H
#define ASSAY_VULN_VEX_CSAF_PRODUCTS_H

#include "base/arena.h"
#include "base/json_tree.h"

struct csaf_product {
	struct span id;
	struct span name, digest; /* package URL, CPE name or name; SHA-256 */
	struct span version;      /* one, or a range, that a branch gives; empty where the name or URL says it */
	struct span component;    /* of a relationship: the id of the component, and of the product that has it */
	struct span whole;
};

struct csaf_products {
	struct arena *arena;
	struct csaf_product *all; /* sorted by id */
	size_t count, capacity;
};

enum outcome csaf_products_read(struct csaf_products *products, const struct json_tree *tree) MUST_CHECK;
/* By id; NULL where there is none. */
const struct csaf_product *csaf_product_find(const struct csaf_products *products, struct span id);

#endif
