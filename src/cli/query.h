/* A SELECT over a result, as a table on standard output. */
#ifndef ASSAY_CLI_QUERY_H
#define ASSAY_CLI_QUERY_H

#include "assay/assay.h"
#include "cli/options.h"

/* Prints its rows. An exit status, after saying what is wrong with it; --timeout bounds it. */
int query_print(struct assay *assay, const char *sql, const struct options *options);

#endif
