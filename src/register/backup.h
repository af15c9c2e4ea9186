/* A copy of a register that is a file, made while others write, and checked before it counts. */
#ifndef ASSAY_REGISTER_BACKUP_H
#define ASSAY_REGISTER_BACKUP_H

#include "register/verify.h"

struct backup {
	struct verification verified; /* the copy: its events and the hash of the last one */
	size_t objects;               /* saved results and documents that the copy names, and that were copied */
	size_t missing;               /* that it names, and that are not there to be copied */
	char first_missing[65];       /* the digest of one of them */
};

/*
 * Copies the register's file as it is between two writers; follows the copy's chain and compares its tables
 * (register/verify.h); copies the objects that it names from one folder into the other, as links where both are on one
 * file system (an object never changes); and gives the copy its name once all is on the disk. MALFORMED where something
 * has that name already, where something cannot be written, or where what was copied is not what was written;
 * UNSUPPORTED where the register is no file. registry->error says why, and nothing has that name then. Objects that
 * are missing are counted, and fail nothing.
 */
enum outcome backup_make(struct registry *registry, const char *path, int from, int to, struct backup *out) MUST_CHECK;

#endif
