/* Texts that the caller gives, as the judge takes them; and those that he gets. */
#ifndef ASSAY_ENGINE_GIVEN_H
#define ASSAY_ENGINE_GIVEN_H

#include "assay/assay.h"
#include "base/arena.h"
#include "judge/judge.h"
#include "vuln/seal.h"

/* Borrowed; its name is `unnamed` where the caller gives none. */
struct judge_source given_text(const struct assay_text *text, const char *unnamed);
/* The same of several, in the arena; NULL without memory. */
const struct judge_source *given_texts(struct arena *arena, const struct assay_text *texts, size_t count);
/* What a caller found of a store's seal; NULL where he did not look, or what he says is none. *room keeps it. */
const struct seal_verdict *given_seal(const struct assay_seal *seal, struct seal_verdict *room);
/* A copy that the caller will own, with a NUL behind it that *length does not count; NULL without memory. */
char *given_out(struct span text, size_t *length);

#endif
