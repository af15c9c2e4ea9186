/*
 * Remarks on how an input was read: a stable code, words, the place and the offset.
 * A job's notes are kept in its arena, in order; the evidence takes them over.
 */
#ifndef ASSAY_BASE_NOTES_H
#define ASSAY_BASE_NOTES_H

#include "base/arena.h"

enum note_severity { NOTE_INFO, NOTE_WARNING, NOTE_ERROR };

#define NOTE_NO_OFFSET UINT64_MAX

struct note {
	enum note_severity severity;
	struct span code;    /* "squashfs.bad-inode": part before the dot is the module */
	struct span message;
	struct span path;    /* file or volume it is about; empty where unknown */
	uint64_t offset;     /* byte in it, or NOTE_NO_OFFSET */
	struct note *next;
};

struct notes {
	struct arena *arena;
	struct note *first, *last;
	struct span path; /* given to every note that is added */
	size_t count;
	size_t ceiling;   /* further notes are counted and dropped */
	size_t dropped;
};

void notes_init(struct notes *notes, struct arena *arena);
/* Adds a note; the message is a printf format. Drops it silently past the ceiling or without memory. */
void notes_add(struct notes *notes, enum note_severity severity, const char *code, uint64_t offset,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
