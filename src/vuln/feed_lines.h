/* Feeds of one JSON object a line. */
#ifndef ASSAY_VULN_FEED_LINES_H
#define ASSAY_VULN_FEED_LINES_H

#include <json-c/json.h>

#include "vuln/builder.h"

/* States what one line says. MALFORMED where it says nothing that can be read: the lines behind it are read on. */
typedef enum outcome (*feed_line)(struct builder *builder, struct json_object *line, void *context);

/* Gives every line to read; one note, with that code, tells how many were broken. */
enum outcome feed_lines(struct builder *builder, struct span document, const char *code, feed_line read,
			void *context) MUST_CHECK;
/* True where the first line is an object with that member. */
bool feed_lines_have(struct span document, const char *member);

#endif
