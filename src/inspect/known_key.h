/* Keys whose private half everyone has: test keys and samples that libraries publish. */
#ifndef ASSAY_INSPECT_KNOWN_KEY_H
#define ASSAY_INSPECT_KNOWN_KEY_H

#include "base/span.h"

/*
 * Who publishes the key with that fingerprint (as key.fingerprint), by data/inspect/known-keys.tsv;
 * the empty span where nobody is known to.
 */
struct span known_key_origin(struct span fingerprint);

#endif
