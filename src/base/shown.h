/* Which characters of an image's text may reach a reader as they are: none that steer a terminal or turn the writing round. */
#ifndef ASSAY_BASE_SHOWN_H
#define ASSAY_BASE_SHOWN_H

#include <stdarg.h>
#include <stdio.h>

#include "base/arena.h"

/*
 * Bytes of the character at the start of a text that is not empty; *safe is false where a reader gets U+FFFD in
 * its place (bad UTF-8, control characters, U+2028 and its kin, marks that change the direction of writing).
 */
size_t shown_character(struct span text, bool *safe);

/* The code point of a character of valid UTF-8. */
uint32_t shown_code_point(struct span character);
/* A copy in which such characters are U+FFFD, and tabs and line ends a blank. Data is NULL without memory. */
struct span shown_text(struct arena *arena, struct span text);
/*
 * Whether a spreadsheet would run a text that begins so, or take away its quotes first: an apostrophe before it says that
 * it is text.
 */
bool shown_runs_in_sheet(struct span text);
/* Writes "assay: …", for the programs: it stays on one line, whatever the names in it hold. */
void shown_complain(FILE *file, const char *format, va_list values) __attribute__((format(printf, 2, 0)));

#define SHOWN_REPLACEMENT SPAN_LITERAL("\xef\xbf\xbd")

#endif
