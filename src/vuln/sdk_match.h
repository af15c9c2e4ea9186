/* Joins the marks of chip makers' and camera makers' software in the image with the faults that it is known for. */
#ifndef ASSAY_VULN_SDK_MATCH_H
#define ASSAY_VULN_SDK_MATCH_H

#include <sqlite3.h>

#include "base/outcome.h"

/*
 * Rows of vulnerability that are under review, since such software shows no version, and a component of type 'firmware'
 * for each SDK that is seen. What is said of the device itself already stays. MALFORMED where the rows cannot be written.
 */
enum outcome sdk_match(sqlite3 *evidence, sqlite3 *store) MUST_CHECK;

#endif
