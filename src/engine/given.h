/* Texts that the caller gives, as the judge takes them. */
#ifndef ASSAY_ENGINE_GIVEN_H
#define ASSAY_ENGINE_GIVEN_H

#include "assay/assay.h"
#include "base/arena.h"
#include "judge/judge.h"

/* Borrowed; its name is `unnamed` where the caller gives none. */
struct judge_source given_text(const struct assay_text *text, const char *unnamed);
/* The same of several, in the arena; NULL without memory. */
const struct judge_source *given_texts(struct arena *arena, const struct assay_text *texts, size_t count);

#endif
