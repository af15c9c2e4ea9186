/* Joins an image of Android with the security bulletins, by its patch level. */
#ifndef ASSAY_VULN_ANDROID_MATCH_H
#define ASSAY_VULN_ANDROID_MATCH_H

#include "evidence/evidence.h"
#include "vuln/store.h"

/*
 * Rows of vulnerability for the component android, which is added where the image is of Android and has none; what was
 * matched by its version alone yields to the bulletins. Notes tell an image without a patch level, and bulletins that
 * the store lacks. MALFORMED where the rows cannot be written.
 */
enum outcome android_match(struct evidence *evidence, const struct store *store) MUST_CHECK;

#endif
