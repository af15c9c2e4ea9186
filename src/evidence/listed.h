/* Whether the names of all files are known, so that one which is not among them is not there. */
#ifndef ASSAY_EVIDENCE_LISTED_H
#define ASSAY_EVIDENCE_LISTED_H

#include <sqlite3.h>
#include <stdint.h>

/*
 * Counts the places that may hold files which nobody listed: volumes whose entries were not all read, and what is encrypted
 * outside of root file systems, such as a partition. (What is encrypted in a root file system is one file, with a name,
 * also where it is compressed by itself.)
 */
int64_t evidence_unlisted(sqlite3 *database);
/*
 * Counts the folders of programs that the system mounts from partitions (setting 'file system of programs') beyond the file
 * systems that were given beside its root: a program that is not among the files may lie there.
 */
int64_t evidence_unlisted_programs(sqlite3 *database);

#endif
