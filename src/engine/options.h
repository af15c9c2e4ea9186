/* The options of a caller, who may have been built against an older header, or give none. */
#ifndef ASSAY_ENGINE_OPTIONS_H
#define ASSAY_ENGINE_OPTIONS_H

#include "assay/assay.h"

/*
 * A whole struct of them: only options->size bytes of the caller's are read, the rest are
 * defaults; NULL gives nothing but defaults. A text without bytes is none, and so is a list without entries.
 */
struct assay_options options_taken(const struct assay_options *given);

#endif
