/* Versions in the tags of repositories. */
#ifndef ASSAY_VULN_TAG_VERSION_H
#define ASSAY_VULN_TAG_VERSION_H

#include "base/arena.h"

/* "v1.2.3", "zstd-1.4", "curl-7_80_0"; empty where there is none with a point in it. May lie in the arena. */
struct span tag_version(struct arena *arena, struct span tag);

#endif
