/*
 * What a maker knows of versions and no image says: when they were shipped, how long they are supported, where
 * they were sold, how many.
 */
#ifndef ASSAY_REGISTER_VERSION_LIST_H
#define ASSAY_REGISTER_VERSION_LIST_H

#include "register/registry.h"

struct version_list_counts {
	size_t added, changed, same;
};

/*
 * Takes a table (CSV, RFC 4180), whose first line names its columns: product and version, and any of shipped,
 * supported_until (days, YYYY-MM-DD), state (draft, shipped, withdrawn), markets (countries, ISO 3166-1, parted by
 * blanks), units, organisation, model, category, cra_class, contact. An empty field leaves what is there. Products
 * and versions that are not there come to be. The same table twice changes nothing. All of it or nothing is
 * written: MALFORMED says in registry->error which line is wrong, and how.
 */
enum outcome version_list_take(struct registry *registry, struct span text, struct version_list_counts *out) MUST_CHECK;

#endif
