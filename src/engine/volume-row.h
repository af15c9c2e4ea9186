/* The row of `volume` for a container that was found. */
#ifndef ASSAY_ENGINE_VOLUME_ROW_H
#define ASSAY_ENGINE_VOLUME_ROW_H

#include "engine/explore.h"
#include "engine/record.h"

/* Fills all but the numbers. */
void volume_row(const struct volume_sighting *sighting, struct record *record);

#endif
