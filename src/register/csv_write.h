/* Writes comma-separated values (RFC 4180) that a spreadsheet opens and does not run. */
#ifndef ASSAY_REGISTER_CSV_WRITE_H
#define ASSAY_REGISTER_CSV_WRITE_H

#include "base/buffer.h"
#include "register/value.h"

/*
 * Whether a spreadsheet would run a text that begins so, or take away its quotes first: an apostrophe before it says that
 * it is text.
 */
bool csv_is_run(struct span text);
/*
 * Appends a field. NULL is written as nothing, and an empty text as "", so that they stay apart. A text that csv_is_run()
 * gets its apostrophe; a number is no formula, whatever its sign.
 */
enum outcome csv_write(struct buffer *out, struct value value) MUST_CHECK;

#endif
