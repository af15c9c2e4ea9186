/* Says of a container or of a file's content that it was not read, or not whole: rows of the table `incomplete`. */
#ifndef ASSAY_ENGINE_UNREAD_H
#define ASSAY_ENGINE_UNREAD_H

#include "engine/explore.h"
#include "evidence/evidence.h"

/* A container that is not opened: it lies too deep, or the time was up when it was found. */
void unread_unopened(struct explorer *explorer, const struct found *found);
/*
 * A container that was opened; nothing is said of one whose entries are all listed. told: its unpacker has said
 * already what of it was not read.
 */
void unread_volume(struct explorer *explorer, const struct node *node, const struct found *found, bool told);
/* A container that was recognised, and of which nothing can be read: it is searched as any bytes are. */
void unread_refused(struct explorer *explorer, const struct found *found);
/* Content of which `read` bytes were read; nothing is said where the outcome is DONE. */
void unread_content(struct explorer *explorer, const struct target *target, enum outcome outcome, size_t read);

/* Where the time was up: how many files, bytes and volumes that left unread, in one row. */
enum outcome unread_in_time(struct evidence *evidence) MUST_CHECK;

/* That there is more than fits in memory. */
enum outcome unread_for_memory(struct evidence *evidence) MUST_CHECK;
/* That the evidence is as large as it may be, and files with that many bytes had no room in it. */
enum outcome unread_unwritten(struct evidence *evidence, uint64_t bytes) MUST_CHECK;

#endif
