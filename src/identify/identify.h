/* From sightings to components: the inspectors of this layer, and the merge at the end. */
#ifndef ASSAY_IDENTIFY_IDENTIFY_H
#define ASSAY_IDENTIFY_IDENTIFY_H

#include "identify/recogniser.h"
#include "inspect/inspector.h"

/*
 * Makes the list of this layer's inspectors in the arena, NULL at the end: package
 * databases, and one that looks for every recogniser's witnesses. It borrows the
 * recognisers, which must outlive it.
 */
enum outcome identify_inspectors_make(struct arena *arena, const struct recognisers *recognisers,
				      const struct inspector *const **out) MUST_CHECK;
/* Packages, kernels, boot loaders and witnesses of the evidence become its components. Run once, after all files. */
enum outcome identify_merge(struct evidence *evidence, const struct recognisers *recognisers) MUST_CHECK;

#endif
