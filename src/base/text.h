/* Text of unknown encoding made printable. */
#ifndef ASSAY_BASE_TEXT_H
#define ASSAY_BASE_TEXT_H

#include "base/arena.h"

/* Length of the valid UTF-8 sequence at the start (1 to 4), or 0 where there is none. */
size_t text_utf8_length(struct span text);
/* Characters of a text: those of valid UTF-8, and each other byte. */
size_t text_utf8_count(struct span text);
/*
 * A copy that is valid UTF-8 without control characters: bad bytes become U+FFFD,
 * tabs and line ends a blank, NUL ends it. Data is NULL without memory.
 */
struct span text_printable(struct arena *arena, struct span text);

#endif
