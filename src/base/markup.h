/* Text in HTML: escaped for an element or a quoted attribute, so that none can become markup. */
#ifndef ASSAY_BASE_MARKUP_H
#define ASSAY_BASE_MARKUP_H

#include "base/buffer.h"

/* Appends it; what a reader may not be shown (shown.h) becomes U+FFFD, tabs and line ends a blank. */
enum outcome markup_append(struct buffer *out, struct span text) MUST_CHECK;

#endif
