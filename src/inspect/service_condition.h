/* The way through a script to the command that starts a service: what was tested, and where the script may have been left. */
#ifndef ASSAY_INSPECT_SERVICE_CONDITION_H
#define ASSAY_INSPECT_SERVICE_CONDITION_H

#include "inspect/condition.h"
#include "inspect/inspector.h"

enum { WAY_STEPS_MAX = 16 };

enum way_kind {
	WAY_TEST,   /* it holds */
	WAY_LEFT,   /* where all of its tests hold, the script or function was left before */
	WAY_EACH,   /* once for each section of a configuration of uci */
};

struct way_step {
	enum way_kind kind;
	struct shell_test tests[SHELL_TESTS_MAX];
	size_t test_count;
	struct span package, type; /* of WAY_EACH */
};

struct way {
	struct way_step steps[WAY_STEPS_MAX];
	size_t count;
	bool lost; /* something else decides as well */
};

/* What a command tests, behind the steps that are there. */
void way_add_command(struct way *way, const struct shell_command *command);
/* "[ … ] || return": what follows runs where one of the tests of that command fails. */
void way_add_leave(struct way *way, const struct shell_command *command);
void way_add_each(struct way *way, struct span package, struct span type);
void way_append(struct way *way, const struct way *further);

/* States the conditions of a service that a line starts; *number goes on over the file. */
void way_state(struct inspection *file, const struct condition_scope *scope, const struct way *way, int64_t line,
	       struct span service, int64_t *number);

#endif
