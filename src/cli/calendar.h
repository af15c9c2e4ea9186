/* What the commands over due times count by: the clocks, and the zone that --zone names. */
#ifndef ASSAY_CLI_CALENDAR_H
#define ASSAY_CLI_CALENDAR_H

#include "cli/options.h"
#include "register/clock.h"

struct calendar {
	struct clocks clocks;
	struct zone zone;
	const struct zone *named; /* the zone where one is named, else NULL */
};

/* False after saying why not. It lives in the arena, and may not be moved. */
bool calendar_open(const struct options *options, struct arena *arena, struct calendar *out);
/* The time that is the value of an option. False after saying what is wrong with it. */
bool calendar_read(const struct calendar *calendar, const char *option, const char *text, int64_t *out);

#endif
