/* Time. Results never depend on it, but for the one date that a report carries. */
#ifndef ASSAY_BASE_CLOCK_H
#define ASSAY_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds from an arbitrary point, for deadlines and progress. */
int64_t clock_monotonic_ms(void);
/* Seconds since 1970 for the date of a report: SOURCE_DATE_EPOCH where it is set, else now. */
int64_t clock_report_time(void);
/* Writes "YYYY-MM-DDThh:mm:ssZ". */
void clock_format_utc(int64_t seconds, char out[static 21]);

#endif
