/* What matching asks a store about the components of an image: under which names of products. */
#ifndef ASSAY_VULN_QUESTIONS_H
#define ASSAY_VULN_QUESTIONS_H

#include <sqlite3.h>

#include "base/outcome.h"
#include "identify/recogniser.h"

/*
 * Families of products that are asked as one, "android/…": the question and its claims (vuln/store_claims.h) are
 * named "android/" followed by a star. NULL at the end.
 */
extern const char *const question_families[];

/*
 * Makes the temporary table question (component, product) of the evidence. component is NULL where it is the image
 * that is asked about: the device that it is for. What a store says of products that are not there changes no match.
 */
enum outcome questions_write(sqlite3 *evidence, const struct recognisers *recognisers) MUST_CHECK;

#endif
