/* What a register knows of its versions, of a product and of a version, as rows to be shown. */
#ifndef ASSAY_REGISTER_VIEW_H
#define ASSAY_REGISTER_VIEW_H

#include "register/registry.h"

/* Every version with what is known of its files together: product, version, state, shipped, …. */
struct rows view_versions(struct registry *registry);

/* A product, or one version of it. */
struct view_of {
	int64_t product, version; /* their numbers; version 0: the product as a whole */
};
/* Finds them by their names; an empty version is none. NOT_THIS where the register has none: registry->error says which. */
enum outcome view_find(struct registry *registry, struct span product, struct span version, struct view_of *out) MUST_CHECK;
/*
 * "PRODUCT@VERSION", of which both may have an '@' in them: where it can be read in two ways, MALFORMED. NOT_THIS where
 * there is no such version.
 */
enum outcome view_find_at(struct registry *registry, struct span words, struct view_of *out) MUST_CHECK;

/* A part of what is known. */
struct view_part {
	const char *name;
	bool one; /* it is one row */
	const char *sql; /* ?1: number of the version, or of the product */
};
/* Parts of a product, and of a version; a part without a name ends them. */
extern const struct view_part view_product_parts[], view_version_parts[];
struct rows view_rows(struct registry *registry, const struct view_part *part, const struct view_of *of);

#endif
