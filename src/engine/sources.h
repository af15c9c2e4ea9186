/* What callers of the library give, as the engine takes it. */
#ifndef ASSAY_ENGINE_SOURCES_H
#define ASSAY_ENGINE_SOURCES_H

#include "assay/assay.h"
#include "engine/several.h"

/*
 * The inputs, in the arena. Elements of the array may be shorter or longer than those of this version: the first says
 * how long. NULL where there is none, it does not say so, or memory is refused.
 */
const struct source *sources_taken(struct arena *arena, const struct assay_input *inputs, size_t count);
/* True where bytes are said to be there and are not. */
bool sources_lack_bytes(const struct source *sources, size_t count);

#endif
