/* The dialect of src/register/database.h in PostgreSQL's words. */
#ifndef ASSAY_REGISTER_DIALECT_H
#define ASSAY_REGISTER_DIALECT_H

#include "base/arena.h"

/*
 * A copy in the arena in which ?1 is $1, INTEGER is BIGINT, REAL is DOUBLE PRECISION and STRICT behind a
 * definition is gone; in definitions of tables TEXT is TEXT COLLATE "C" too, so that texts are ordered byte by
 * byte. What stands in quotes and comments stays. NULL without memory.
 */
char *dialect_postgresql(struct arena *arena, struct span sql, bool definitions);

#endif
