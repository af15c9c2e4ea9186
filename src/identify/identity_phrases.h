/* Texts within programs and pages that name devices (data/identity/texts.yaml). */
#ifndef ASSAY_IDENTIFY_IDENTITY_PHRASES_H
#define ASSAY_IDENTIFY_IDENTITY_PHRASES_H

#include "identify/identity.h"

/* Adds them to the data. MALFORMED with words in *error. */
enum outcome identity_phrases_load(struct arena *arena, struct identity_data *out, struct span *error) MUST_CHECK;

#endif
