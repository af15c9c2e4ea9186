/*
 * Whether the file of a register is what its program made: tables and indexes as the migrations define them, no
 * view or trigger beside them, and indexes that hold what their tables hold. A question is answered from indexes,
 * so that one which lies would lie in the answer.
 */
#ifndef ASSAY_REGISTER_INTACT_H
#define ASSAY_REGISTER_INTACT_H

#include "register/registry.h"

/*
 * again is a register in memory with the newest schema. MALFORMED with words in registry->error. What PostgreSQL
 * keeps is its own to check.
 */
enum outcome intact(struct registry *registry, struct registry *again) MUST_CHECK;

#endif
