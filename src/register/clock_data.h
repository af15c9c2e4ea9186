/* The clocks of data/clocks: who owes what to whom, by which article, how long after what. See docs/clocks.md. */
#ifndef ASSAY_REGISTER_CLOCK_DATA_H
#define ASSAY_REGISTER_CLOCK_DATA_H

#include "base/arena.h"
#include "base/outcome.h"

enum clock_unit {
	CLOCK_AT_ONCE, /* "without undue delay", "in a timely manner": the text gives no number */
	CLOCK_NAMED,   /* "as named": who starts it names the due time */
	CLOCK_HOURS,   /* that have passed */
	CLOCK_DAYS,    /* of the calendar */
	CLOCK_MONTHS,  /* of the calendar */
};
/* What binds: only a law can be broken against the will of all parties. "law", "promise", "agreement". */
enum clock_basis { CLOCK_LAW, CLOCK_PROMISE, CLOCK_AGREEMENT };
const char *clock_basis_name(enum clock_basis basis);
/* By which rules its period is counted beside the plain ones: see clock.h. */
enum clock_periods { CLOCK_ELAPSED, CLOCK_REGULATION_1182_71, CLOCK_NATIONAL_LAW };
/* Which start counts where there are several. "first" is the rule: what started later moves nothing. */
enum clock_again { CLOCK_FIRST, CLOCK_LAST, CLOCK_EACH };

/* Something that starts clocks. */
struct clock_event {
	struct span kind;  /* "measure.available" */
	struct span words; /* "a corrective or mitigating measure is available": what follows "after" */
};

struct clock {
	struct span id; /* "cra.vulnerability.final-report" */
	struct span law, article, binds, due, to, source;
	struct span severity;     /* that the case must have; empty for any */
	struct span unless, note; /* empty for none */
	struct span applies_from; /* day; empty where it is no law */
	const struct clock_event *starts;
	const struct clock_event *requires; /* must have happened too; NULL for none. It waits for `starts` once it has */
	enum clock_basis basis;
	enum clock_periods periods;
	enum clock_again again;
	enum clock_unit unit;
	int64_t length;
	int64_t reminder; /* hours after which assay reminds where the law gives no number; 0 for none */
	struct span rule; /* "14 days after a corrective or mitigating measure is available" */
};

struct clocks {
	struct clock *all; /* by file, then as they stand there */
	size_t count;
	struct clock_event *events;
	size_t event_count;
};

/*
 * Reads those that are part of the program. All of it lives in the arena. MALFORMED where one is wrong: *error says
 * which.
 */
enum outcome clocks_load(struct arena *arena, struct clocks *out, struct span *error) MUST_CHECK;
/* Adds those of one document. clocks_load() begins with `out` zeroed. */
enum outcome clocks_read(const char *name, struct span text, struct arena *arena, struct clocks *out,
			 struct span *error) MUST_CHECK;
/* The clock of that id; NULL where there is none. */
const struct clock *clocks_find(const struct clocks *clocks, struct span id);
/* The event of that kind; NULL where there is none. */
const struct clock_event *clocks_event(const struct clocks *clocks, struct span kind);

#endif
