/* What people are told of statements that do not apply. */
#ifndef ASSAY_VULN_VEX_NOTES_H
#define ASSAY_VULN_VEX_NOTES_H

#include "base/arena.h"
#include "evidence/evidence.h"

/* Codes of these notes, for SQL. */
#define VEX_NOTES "'vex.stopped', 'vex.unmet'"

/*
 * Settles `unmet` of statements that were weighed one by one, and notes what stopped to apply and what meets nothing. Errors
 * are NO_MEMORY and what the evidence has. The arena is reset between notes.
 */
enum outcome vex_note(struct evidence *evidence, struct arena *scratch) MUST_CHECK;

#endif
