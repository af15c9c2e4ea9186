/* Which components and results of a register a newer store touches. */
#ifndef ASSAY_REGISTER_TOUCHED_H
#define ASSAY_REGISTER_TOUCHED_H

#include "register/registry.h"

struct touched {
	struct registry *registry;
	bool *components, *results; /* by number, in an arena */
	int64_t component_end, result_end;
};

/* Those that are not as the newest store says, yet. */
enum outcome touched_start(struct touched *touched, struct registry *registry, struct arena *arena) MUST_CHECK;
/* Adds those that ask for a product. As a visitor of follow(): context is the touched. */
enum outcome touched_by(void *context, struct span product) MUST_CHECK;
bool touched_component(const struct touched *touched, int64_t component);
/* How many components, and results, are. */
size_t touched_count(const struct touched *touched);

#endif
