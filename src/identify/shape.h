/*
 * Shapes of names and version texts: a notation small enough to be matched without
 * compiling anything, for the many short texts of a file.
 *
 *     #      one or more digits          @      one lower-case letter
 *     [...]  may be missing              {...}  the part that is wanted (else all of it)
 *     *      any characters              every other character stands for itself
 */
#ifndef ASSAY_IDENTIFY_SHAPE_H
#define ASSAY_IDENTIFY_SHAPE_H

#include "base/span.h"

/* True where the whole text has the shape; *part, which may be NULL, is the wanted part of it. */
bool shape_matches(struct span shape, struct span text, struct span *part);
/* True where brackets and braces pair up and nest as the matcher expects. */
bool shape_valid(struct span shape);

#endif
