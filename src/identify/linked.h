/* Versions that a program took over from the headers of a library when it was built. */
#ifndef ASSAY_IDENTIFY_LINKED_H
#define ASSAY_IDENTIFY_LINKED_H

#include "evidence/evidence.h"
#include "identify/recogniser.h"

/*
 * A program that needs libcrypto.so and says "OpenSSL 3.0.9" tells which headers it was
 * built with; the version that runs is in the library. Such sightings lose their version
 * and show only presence.
 */
enum outcome linked_versions(sqlite3 *database, const struct recognisers *recognisers) MUST_CHECK;

#endif
