/* What the statements that conclude about services share. */
#ifndef ASSAY_INSPECT_SERVICES_SQL_H
#define ASSAY_INSPECT_SERVICES_SQL_H

#include "inspect/services.h"

/* The last component of a column that holds a path. */
#define NAME_OF(column) "replace(" column ", rtrim(" column ", replace(" column ", '/', '')), '')"

/*
 * Runs the statements of `follow` again and again, until the number that `reached` asks for stays the same; then, or after
 * too many steps, it is done: in that case `too_long` runs, which says that and where something was not followed.
 */
enum outcome services_follow(sqlite3 *database, const char *const *follow, const char *reached, const char *too_long) MUST_CHECK;

#endif
