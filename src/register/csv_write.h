/* Writes comma-separated values (RFC 4180) that a spreadsheet opens and does not run. */
#ifndef ASSAY_REGISTER_CSV_WRITE_H
#define ASSAY_REGISTER_CSV_WRITE_H

#include "base/buffer.h"
#include "register/value.h"

/*
 * Appends a field. NULL is written as nothing, and an empty text as "", so that they stay apart. A text that
 * shown_runs_in_sheet() gets its apostrophe; a number is no formula, whatever its sign.
 */
enum outcome csv_write(struct buffer *out, struct value value) MUST_CHECK;

#endif
