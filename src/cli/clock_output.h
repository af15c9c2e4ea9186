/* Clocks and due times on standard output: for people, as TSV, as JSON. */
#ifndef ASSAY_CLI_CLOCK_OUTPUT_H
#define ASSAY_CLI_CLOCK_OUTPUT_H

#include "cli/options.h"
#include "register/clock.h"

/* False after saying why not. */
bool clock_output_list(const struct clocks *clocks, enum table_format format);
/* zone may be NULL. */
bool clock_output_dues(const struct dues *dues, const struct zone *zone, enum table_format format);

#endif
