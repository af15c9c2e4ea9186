#include "register/case_state.h"

static const char *const names[] = {
	[CASE_RECEIVED] = "received", [CASE_ACKNOWLEDGED] = "acknowledged", [CASE_TRIAGED] = "triaged",
	[CASE_CONFIRMED] = "confirmed", [CASE_NOT_CONFIRMED] = "not confirmed", [CASE_FIXING] = "fix in progress",
	[CASE_RELEASED] = "released", [CASE_DISCLOSED] = "disclosed", [CASE_CLOSED] = "closed",
};

#define TO(state) (1u << CASE_##state)

/*
 * What a maker finds without a report has nobody to be answered. What is exploited may have to be disclosed before there
 * is a fix, and a fix may follow. A fix may turn out to be none. New facts open a closed case again, at triage.
 */
static const unsigned edges[CASE_STATES] = {
	[CASE_RECEIVED] = TO(ACKNOWLEDGED) | TO(TRIAGED),
	[CASE_ACKNOWLEDGED] = TO(TRIAGED),
	[CASE_TRIAGED] = TO(CONFIRMED) | TO(NOT_CONFIRMED),
	[CASE_CONFIRMED] = TO(NOT_CONFIRMED) | TO(FIXING) | TO(DISCLOSED),
	[CASE_NOT_CONFIRMED] = TO(TRIAGED) | TO(CLOSED),
	[CASE_FIXING] = TO(RELEASED) | TO(DISCLOSED),
	[CASE_RELEASED] = TO(FIXING) | TO(DISCLOSED),
	[CASE_DISCLOSED] = TO(FIXING) | TO(RELEASED) | TO(CLOSED),
	[CASE_CLOSED] = TO(TRIAGED),
};

const char *case_state_name(enum case_state state)
{
	return names[state];
}

enum case_state case_state_named(struct span name)
{
	enum case_state state = 0;
	while (state < CASE_STATES && !span_equal_text(name, names[state]))
		state++;
	return state;
}

bool case_state_follows(enum case_state from, enum case_state to)
{
	return from < CASE_STATES && to < CASE_STATES && (edges[from] & (1u << to)) != 0;
}
