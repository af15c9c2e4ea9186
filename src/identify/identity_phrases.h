/* Texts within programs and pages that name devices (data/identity/texts.yaml). */
#ifndef ASSAY_IDENTIFY_IDENTITY_PHRASES_H
#define ASSAY_IDENTIFY_IDENTITY_PHRASES_H

#include "identify/data_words.h"
#include "identify/identity.h"

/* Adds them to the data. MALFORMED with words in the reader's error. */
enum outcome identity_phrases_load(struct data_reader *reader, struct identity_data *out) MUST_CHECK;

#endif
