/* Components that no file shows by its bytes: the firmware of a device, the platform of a phone. */
#ifndef ASSAY_VULN_COMPONENT_ROW_H
#define ASSAY_VULN_COMPONENT_ROW_H

#include <sqlite3.h>

#include "base/outcome.h"
#include "base/span.h"

struct component_row {
	struct span name, version, path; /* version and path may be empty */
	const char *type;                /* as component.type */
	int64_t confidence;
};

/* Adds it behind the others; *id is its number. MALFORMED where the evidence refuses it. */
enum outcome component_row_add(sqlite3 *evidence, const struct component_row *row, int64_t *id) MUST_CHECK;

#endif
