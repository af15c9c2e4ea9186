/* Feeds of one JSON object a line. */
#ifndef ASSAY_VULN_FEED_LINES_H
#define ASSAY_VULN_FEED_LINES_H

#include "vuln/builder.h"

/* Which feed lines are of: each has members that mark it. */
enum line_kind { LINES_OTHER, LINES_COMPONENTS, LINES_UBUNTU, LINES_KERNEL };

/* States what one line says. MALFORMED where it is about no vulnerability that is known by a number: it is left out. */
typedef enum outcome (*feed_line)(struct builder *builder, const struct json_value *line, void *context);

/*
 * Gives every line to read; a note tells how many were left out. MALFORMED where a line is broken, cut off or of another
 * kind: the document is then of no use as a whole, and its caller undoes what was stated.
 */
enum outcome feed_lines(struct builder *builder, struct span document, enum line_kind kind, feed_line read,
			void *context) MUST_CHECK;
/* Of the first line. */
enum line_kind feed_lines_kind(struct builder *builder, struct span document);

#endif
