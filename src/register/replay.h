/* Does once more what an event did. */
#ifndef ASSAY_REGISTER_REPLAY_H
#define ASSAY_REGISTER_REPLAY_H

#include "register/database.h"

/* Tables that are made of events alone, in an order in which none refers to a later one; NULL at the end. */
extern const char *const replay_tables[];

/*
 * Does to a database what the body of an event says. MALFORMED where it is no such body, or names a table or
 * column that replay_tables have not: it may come from whoever altered the register.
 */
enum outcome replay_event(struct database *database, struct span body) MUST_CHECK;

#endif
