/*
 * SQL that others wrote, run over the evidence: it may read and compute, and
 * nothing else; it cannot depend on chance or on the clock, and it cannot run forever.
 */
#ifndef ASSAY_JUDGE_GUARD_H
#define ASSAY_JUDGE_GUARD_H

#include <sqlite3.h>

#include <stdint.h>

#include "base/outcome.h"

/* Gives the database REGEXP and the tables of data/rules/tables.sql (temporary: they are never saved), made
 * anew. */
enum outcome guard_prepare(sqlite3 *database) MUST_CHECK;

struct guard {
	sqlite3 *database;
	uint64_t rounds; /* of GUARD_ROUND steps of SQLite's machine that are left */
};
/* Bytes of one value: a text that a rule builds without end ends as an error. */
enum { GUARD_VALUE_MAX = 64 << 20 };
enum { GUARD_ROUND = 10000, GUARD_ROUNDS = 5000 };

/* From here to guard_leave() only reading is allowed, within the limit. The guard must stay in place. */
void guard_enter(struct guard *guard, sqlite3 *database);
void guard_leave(struct guard *guard);

#endif
