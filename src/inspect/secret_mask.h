/* Hides the middle of every secret of the evidence, once all facts are in it. */
#ifndef ASSAY_INSPECT_SECRET_MASK_H
#define ASSAY_INSPECT_SECRET_MASK_H

#include "base/arena.h"
#include "base/span.h"
#include "evidence/evidence.h"

/*
 * Inspectors state secrets and cracked passwords whole; this masks them, and the same words in whatever else was stated of
 * the same file: arguments of services, addresses, settings, lines of scripts. Placeholders stay. Nothing of what was
 * hidden is left in the database's pages.
 */
enum outcome secrets_mask(struct evidence *evidence) MUST_CHECK;
/* "a***n", in the arena. */
struct span secret_masked(struct arena *arena, struct span value);

#endif
