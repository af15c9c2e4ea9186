/* A saved result that is matched again: what was known of its vulnerabilities before, and what has changed since. */
#ifndef ASSAY_ENGINE_RECHECK_H
#define ASSAY_ENGINE_RECHECK_H

#include <sqlite3.h>

#include "base/outcome.h"

/* Keeps what the evidence says of vulnerabilities in temporary tables, before it is matched again. */
enum outcome recheck_remember(sqlite3 *database) MUST_CHECK;
/* The SELECT of what has changed since; for a result that was remembered. */
extern const char recheck_changes[];

#endif
