/* Rows of a query on standard output: aligned for people, TSV and JSON for programs. */
#ifndef ASSAY_CLI_TABLE_H
#define ASSAY_CLI_TABLE_H

#include "assay/assay.h"
#include "base/outcome.h"
#include "cli/options.h"

/* Prints all rows with their column names. NO_MEMORY or OVER_BUDGET where they are too many to be laid out. */
enum outcome table_print(struct assay_rows *rows, enum table_format format) MUST_CHECK;

#endif
