/* Which files are no configuration of the running device: the one place that decides it, for every inspector and rule. */
#ifndef ASSAY_INSPECT_PATH_ROLE_H
#define ASSAY_INSPECT_PATH_ROLE_H

#include "base/arena.h"
#include "base/outcome.h"

struct path_rule;

/* The table, read once; what it points at lives in the arena. */
struct path_roles {
	const struct path_rule *rules;
	size_t count;
};

/* Reads the table. MALFORMED where a line of it is none; NO_MEMORY. */
enum outcome path_roles_load(struct arena *arena, struct path_roles *out) MUST_CHECK;

/*
 * As file.role: "documentation", "sample", "template", "backup", "package", "build record", by data/inspect/path-roles.tsv;
 * the empty span for a file that counts as it stands. path is full, with '!' behind each container that is a file.
 */
struct span path_role(const struct path_roles *roles, struct span path);

#endif
