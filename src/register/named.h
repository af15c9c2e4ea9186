/* What a register calls by names that people gave: what is not there yet comes to be, as a row of an event. */
#ifndef ASSAY_REGISTER_NAMED_H
#define ASSAY_REGISTER_NAMED_H

#include "register/event.h"

/* Their numbers. *came is set where it was not there; NULL where nobody asks. */
int64_t named_product(struct event *event, struct span name, bool *came);
/* It is shipped, until somebody says otherwise. */
int64_t named_version(struct event *event, int64_t product, struct span name, bool *came);
/* The role is that of one that comes to be. */
int64_t named_organisation(struct event *event, struct span name, struct span role);

#endif
