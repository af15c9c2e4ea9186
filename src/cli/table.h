/* Rows of a query on standard output: aligned for people, TSV and JSON for programs. */
#ifndef ASSAY_CLI_TABLE_H
#define ASSAY_CLI_TABLE_H

#include "cli/options.h"
#include "evidence/query.h"

/* Prints all rows with their column names. MALFORMED where a row could not be read. */
enum outcome table_print(struct query *query, enum table_format format) MUST_CHECK;

#endif
