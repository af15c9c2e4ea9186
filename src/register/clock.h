/*
 * When something is due. A clock runs from what a person recorded, and nothing pauses it: there is no call for that.
 * That it does not apply is a decision with a name, which whoever keeps the case stores; the due time stays what it is.
 *
 * Hours are hours that have passed, in UTC. Days and months are counted at the same time of day, by the calendar in UTC
 * and, where a zone is given, by the calendar there too: the earlier of the two is the due time. A month that lacks
 * the day ends with its last. Beside that, `period_end` says when the period ends by Regulation (EEC, Euratom)
 * No 1182/71, where that counts and a zone is given; nobody should wait for it. See docs/clocks.md.
 */
#ifndef ASSAY_REGISTER_CLOCK_H
#define ASSAY_REGISTER_CLOCK_H

#include "register/clock_data.h"
#include "register/zone.h"

/* What happened in a case. */
struct clock_start {
	struct span event;    /* its kind, as data/clocks has it: "measure.available", "submitted.cra.incident.notification" */
	int64_t at;           /* seconds since 1970, UTC */
	int64_t named;        /* the due time that was asked for or agreed on; 0 for none */
	struct span severity; /* of the case: "critical" to "low"; empty where it is not rated */
	int64_t sequence;     /* of the event of the register that says so; 0 for none */
};

enum due_state {
	DUE_AT,      /* at `at` */
	DUE_AT_ONCE, /* without delay; the text gives no number. `at` is assay's reminder, and no limit of the law */
	DUE_WAITING, /* there is no due time yet: what starts it has not happened, and `start` is what it required; or its
			start names no time */
};
/* "due", "at once", "waiting". */
const char *due_state_name(enum due_state state);

struct due {
	const struct clock *clock;
	const struct clock_start *start; /* what set it going: print its event, its time, and its sequence */
	enum due_state state;
	int64_t counted_from; /* start->at, or the later moment at which what it requires had happened too */
	int64_t at;           /* UTC; 0 while it waits */
	int64_t period_end;   /* by Regulation 1182/71, but for public holidays, which could make it later; 0: not counted */
	bool before_law;      /* it started before the day from which the law applies */
};

struct dues {
	struct due *all; /* by time, those that wait last */
	size_t count;
};

/*
 * All that is due after these starts, of a case as it stands. Of several starts of one kind the earliest counts, unless
 * the clock says otherwise. A severity that differs from the clock's starts nothing. zone may be NULL. `out` lives in
 * the arena and points at clocks and starts. MALFORMED where a start's time is no time of the years 1970 to 9999,
 * NOT_THIS where no clock knows its event.
 */
enum outcome clocks_due(const struct clocks *clocks, const struct clock_start *starts, size_t count, const struct zone *zone,
			struct arena *arena, struct dues *out) MUST_CHECK;

/* The due time of one clock that begins to run at a moment: 0 of one without a number. */
int64_t clock_due(const struct clock *clock, int64_t from, const struct zone *zone);
/* The end of its period by Regulation 1182/71, in a zone; 0 where that does not count it. */
int64_t clock_period_end(const struct clock *clock, int64_t from, const struct zone *zone);

#endif
