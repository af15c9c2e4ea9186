/* What an artifact is by its own bytes: a text, a picture, a program, an SBOM. */
#ifndef ASSAY_ENGINE_ARTIFACT_CONTENT_H
#define ASSAY_ENGINE_ARTIFACT_CONTENT_H

#include "base/span.h"

/* As artifact.kind and artifact.reason; static. */
struct artifact_content {
	const char *kind, *reason;
};

struct artifact_content artifact_content(struct span name, struct span bytes);

#endif
