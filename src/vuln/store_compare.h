/* Whether a new store may take the place of another. */
#ifndef ASSAY_VULN_STORE_COMPARE_H
#define ASSAY_VULN_STORE_COMPARE_H

#include "base/notes.h"
#include "base/outcome.h"
#include "vuln/store.h"

/*
 * MALFORMED, with notes, where the new one lacks a feed that the old one has, or has a fifth less of a feed or of all
 * its rows; with `dates` also where a feed of it is older.
 */
enum outcome store_compare(const struct store *old, const struct store *new, bool dates, struct notes *notes) MUST_CHECK;
/* Of two files. DONE too where the old one is none of this format: then nothing can be told. */
enum outcome store_compare_files(const char *old, const char *new, struct notes *notes) MUST_CHECK;

#endif
