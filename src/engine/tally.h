/*
 * What containers hold decides how much of them is understood: sums the files of each volume, from the innermost to the
 * image. docs/coverage.md tells the rules.
 */
#ifndef ASSAY_ENGINE_TALLY_H
#define ASSAY_ENGINE_TALLY_H

#include "evidence/evidence.h"

/*
 * Once all files are examined: completes file.opaque, volume.understood, opaque and padding of all volumes but the image
 * itself, which coverage_write() does from its map; of a folder it does all. MALFORMED where the evidence cannot be read.
 */
enum outcome tally_write(struct evidence *evidence) MUST_CHECK;

#endif
