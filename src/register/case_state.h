/* The states of a case, and which may follow which: ISO/IEC 29147 (disclosure) and ISO/IEC 30111 (handling). */
#ifndef ASSAY_REGISTER_CASE_STATE_H
#define ASSAY_REGISTER_CASE_STATE_H

#include "base/span.h"

enum case_state {
	CASE_RECEIVED,
	CASE_ACKNOWLEDGED, /* whoever reported it was answered */
	CASE_TRIAGED,
	CASE_CONFIRMED,
	CASE_NOT_CONFIRMED,
	CASE_FIXING,
	CASE_RELEASED, /* the fix */
	CASE_DISCLOSED,
	CASE_CLOSED,
	CASE_STATES
};

/* "received", "not confirmed", "fix in progress", … */
const char *case_state_name(enum case_state state);
/* The other way; CASE_STATES where there is none of that name. */
enum case_state case_state_named(struct span name);
/* Whether a case may go from one to the other. */
bool case_state_follows(enum case_state from, enum case_state to);

#endif
