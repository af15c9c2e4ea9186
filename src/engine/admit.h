/* Which of the containers that are found are opened: those that are new, lie not too deep, and are not too many. */
#ifndef ASSAY_ENGINE_ADMIT_H
#define ASSAY_ENGINE_ADMIT_H

#include "engine/explore.h"

/* True where these very bytes have been opened: they lie in several parts of a container, or are what holds them. */
bool admit_is_opened(struct explorer *explorer, struct span container, const struct unpacker *unpacker);
/* Whether one more container may be opened here; where not, notes say why. */
bool admit_may_open(struct explorer *explorer, const struct found *found, const struct place *place);

#endif
