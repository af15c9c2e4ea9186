/* Whether that still holds on which a statement rests: its time, the part, the configuration, and that nobody exploits it. */
#ifndef ASSAY_VULN_VEX_PREMISE_H
#define ASSAY_VULN_VEX_PREMISE_H

#include "vuln/vex.h"

/* What is known of the match that a statement speaks of. */
struct vex_grounds {
	const struct vex_statement *statement;
	const char *today;     /* of the report, YYYY-MM-DD */
	const char *tomorrow;  /* the day after, which has begun where clocks are ahead */
	struct span part;      /* that the statement names; may be empty */
	struct span match_part; /* that the match names; may be empty */
	int64_t component;
	bool exploited;
	struct span exploited_since; /* YYYY-MM-DD; may be empty */
};

/* True where all holds; else *against has the reason in words, in the arena. */
bool vex_premises_hold(sqlite3 *evidence, struct arena *arena, const struct vex_grounds *grounds, struct span *against);

#endif
