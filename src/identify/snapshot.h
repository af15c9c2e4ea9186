/* Versions that are days: packagers give them to sources that they took between two releases. */
#ifndef ASSAY_IDENTIFY_SNAPSHOT_H
#define ASSAY_IDENTIFY_SNAPSHOT_H

#include "identify/recogniser.h"

/* True for "2022-01-16" and "20220116" of software that counts its releases otherwise: no range of versions places it. */
bool snapshot_is(enum version_order order, struct span version);

#endif
