/*
 * The starter facts (TSV files in data/vulnerabilities) as a store. Lines are sorted; fields
 * are parted by tabs, '-' stands for what is not known:
 *     D  feed date                        day of the newest data of that feed
 *     V  id score cvss vector severity weakness exploited epss disputed
 *     A  product id source feed release entry listed ranges platform part files    of table `affected` in store.sql
 * Several releases of which the same is said are parted by commas.
 * The prefix "CVSS:3.1/" of a vector is left out; a severity stands only where there is no score.
 */
#ifndef ASSAY_VULN_STARTER_FACTS_H
#define ASSAY_VULN_STARTER_FACTS_H

#include "base/notes.h"
#include "base/outcome.h"

/* Compiles the files into a store; notes say which line is broken. */
enum outcome starter_compile(const char *store, const char *const *files, size_t count,
			     struct notes *notes) MUST_CHECK;

#endif
