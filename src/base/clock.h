/* Time. Results never depend on it, but for the one date that a report carries. */
#ifndef ASSAY_BASE_CLOCK_H
#define ASSAY_BASE_CLOCK_H

#include "base/span.h"

/* Milliseconds from an arbitrary point, for deadlines and progress. */
int64_t clock_monotonic_ms(void);
/* Seconds since 1970 for the date of a report: SOURCE_DATE_EPOCH where it is set, else now. */
int64_t clock_report_time(void);
/* The later of that and now: nothing that is made can be newer. */
int64_t clock_latest_time(void);
/* Writes "YYYY-MM-DDThh:mm:ssZ". */
void clock_format_utc(int64_t seconds, char out[static 21]);
/* True where the text has the form of a day, "YYYY-MM-DD", whichever its month and day are. */
bool clock_is_day(struct span text);
/* The month by the first three letters of its English name, "Jan" as 1; 0 for none. */
unsigned clock_month(struct span word);

#endif
