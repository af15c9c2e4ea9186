/* The rule by which a zone goes on after its table: a TZ string of POSIX.1, "CET-1CEST,M3.5.0,M10.5.0/3" (RFC 9636, 3.3). */
#ifndef ASSAY_REGISTER_ZONE_RULE_H
#define ASSAY_REGISTER_ZONE_RULE_H

#include "base/span.h"

enum zone_day_kind { ZONE_DAY_MONTH, ZONE_DAY_JULIAN, ZONE_DAY_ZERO }; /* Mm.w.d; Jn without leap days; n from 0 with them */

struct zone_day {
	enum zone_day_kind kind;
	int month, week, weekday; /* of the first kind: week 5 is the last */
	int day;                  /* of the others */
	int32_t time;             /* seconds from local midnight; may be negative, or beyond a day */
};

struct zone_rule {
	struct span standard, summer;    /* names; summer is empty where there is none */
	int32_t standard_offset, summer_offset; /* seconds east of UTC */
	struct zone_day start, end;      /* of summer time, each by the clock that holds before it */
};

/* Reads one; false where it is none. Its names are borrowed from the text. */
bool zone_rule_read(struct span text, struct zone_rule *out);
/* Whether summer time holds at a moment. */
bool zone_rule_is_summer(const struct zone_rule *rule, int64_t at);

#endif
