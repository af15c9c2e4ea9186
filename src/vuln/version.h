/*
 * Orders versions as each component's maker does. Every order is a total preorder:
 * "1.0" and "1.0.0" are equal, and no three versions go round in a circle.
 */
#ifndef ASSAY_VULN_VERSION_H
#define ASSAY_VULN_VERSION_H

#include "base/span.h"
#include "identify/recogniser.h"

enum { VERSION_LENGTH_MAX = 128 }; /* what follows is not compared */

/* Negative, zero or positive, as a is before, with or after b. Never fails: what is no version sorts first. */
int version_compare(enum version_order order, struct span a, struct span b);
/* True for text that can be a version: starts with a digit (after a "v"), and holds only what versions hold. */
bool version_plausible(struct span text);

#endif
