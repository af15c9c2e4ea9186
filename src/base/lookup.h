/* Tables that are part of the program: lines of fields with tabs between them. */
#ifndef ASSAY_BASE_LOOKUP_H
#define ASSAY_BASE_LOOKUP_H

#include "base/span.h"

/*
 * Finds the line whose first field is the key, in a table that is sorted by the bytes of it; *rest gets the other
 * fields. False where there is none. Lines that start with '#' are remarks.
 */
bool lookup_line(struct span table, struct span key, struct span *rest);
/* Takes the next line off *table that is neither empty nor a remark; false when nothing is left. */
bool lookup_next(struct span *table, struct span *line);
/* Takes the next field off *rest; "-" and what is missing give the empty span. */
struct span lookup_field(struct span *rest);

#endif
