/* Which files are no configuration of the running device: the one place that decides it, for every inspector and rule. */
#ifndef ASSAY_INSPECT_PATH_ROLE_H
#define ASSAY_INSPECT_PATH_ROLE_H

#include "base/span.h"

/*
 * As file.role: "documentation", "sample", "template", "backup", "package", "build record", by data/inspect/path-roles.tsv;
 * the empty span for a file that counts as it stands. path is full, with '!' behind each container that is a file.
 */
struct span path_role(struct span path);

#endif
