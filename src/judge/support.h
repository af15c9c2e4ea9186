/* Until when components get security fixes from their own makers: data/support, as a table for rules. */
#ifndef ASSAY_JUDGE_SUPPORT_H
#define ASSAY_JUDGE_SUPPORT_H

#include <sqlite3.h>

#include "base/outcome.h"

/*
 * Makes the temporary table support_series(component, series, ended, announced) anew, and from it table support of the
 * components: a series stands for the versions that begin with it, and `ended` is the last day that its makers announced,
 * YYYY-MM-DD, or else the year, month or day after which none of it was released. MALFORMED where the data is not of its form.
 */
enum outcome support_prepare(sqlite3 *database) MUST_CHECK;

#endif
