/* Where a fault began, as packagers note it while they look for the versions that they must patch. */
#ifndef ASSAY_VULN_BEGIN_H
#define ASSAY_VULN_BEGIN_H

#include "vuln/builder.h"

/*
 * The version in a note like "Flaw introduced in 2.28, …"; empty where the note speaks of something else that was introduced
 * (a feature, a regression), or of a commit.
 */
struct span begin_in_note(struct span note);
/* Whether it is a version of upstream's that comes before the one with the fix. */
bool begin_is_clear(struct span version, struct span fixed);
/* States it for the record under way. */
enum outcome begin_state(struct builder *builder, struct span product, struct span version) MUST_CHECK;

#endif
