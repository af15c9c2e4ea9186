/* The maker's declarations: product.yaml becomes rows of the table `declaration`. docs/declarations.md names
 * the keys. */
#ifndef ASSAY_JUDGE_PRODUCT_H
#define ASSAY_JUDGE_PRODUCT_H

#include "evidence/evidence.h"

/*
 * Reads declarations into the evidence, in place of those that it held. On
 * MALFORMED, *error (in the arena) is one line that says what is wrong, in which file
 * (by its name) and which line, and the evidence is unchanged.
 */
enum outcome product_read(struct evidence *evidence, struct span name, struct span text, struct arena *arena,
			  struct span *error) MUST_CHECK;

#endif
