/*
 * Whether a register is what was written into it: the chain of events, the tables that are made of it, and content
 * by its digest.
 */
#ifndef ASSAY_REGISTER_VERIFY_H
#define ASSAY_REGISTER_VERIFY_H

#include "register/registry.h"

struct verification {
	int64_t events;  /* that hold */
	char head[65];   /* hash of the last one */
};

/*
 * MALFORMED where something was altered, taken out or put in: registry->error names the first row that is not what
 * it was. Other outcomes where it could not be looked at.
 */
enum outcome verify(struct registry *registry, struct verification *out) MUST_CHECK;

#endif
