/* The SQL operator REGEXP (PCRE2 syntax), with limits that keep hostile text from stalling it. */
#ifndef ASSAY_JUDGE_REGEXP_H
#define ASSAY_JUDGE_REGEXP_H

#include <sqlite3.h>

#include "base/outcome.h"

/* Makes `text REGEXP 'pattern'` work on a database. NULL on either side gives NULL. */
enum outcome regexp_register(sqlite3 *database) MUST_CHECK;

#endif
