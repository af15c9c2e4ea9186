/*
 * Remarks on how an input was read: a stable code, words, the place and the offset.
 * A job's notes are kept in its arena, in order; the evidence takes them over.
 */
#ifndef ASSAY_BASE_NOTES_H
#define ASSAY_BASE_NOTES_H

#include "base/arena.h"
#include "base/outcome.h"

enum note_severity { NOTE_INFO, NOTE_WARNING, NOTE_ERROR };

#define NOTE_NO_OFFSET UINT64_MAX
#define NOTE_NO_AMOUNT UINT64_MAX

/* What a remark says was not read. */
enum note_missing {
	MISSING_NOTHING,
	MISSING_CONTENT,   /* bytes of a file or volume; the amount is bytes */
	MISSING_ENTRIES,   /* files of a volume, volumes in a volume; the amount counts them */
	MISSING_STRUCTURE, /* a part of a structure whose extent is not known */
	MISSING_SEARCH,    /* bytes were read, but not searched, or not understood; the amount is bytes */
	MISSING_FACTS,     /* facts were found and not kept; the amount counts them */
	MISSING_SIGHT,     /* a concluding step did not look at all that there is; the amount counts what it left */
};

/* Why it was not read. */
enum note_cause {
	CAUSE_DAMAGED,     /* malformed or cut short */
	CAUSE_UNSUPPORTED, /* a format or variant that is not read */
	CAUSE_ENCRYPTED,
	CAUSE_LIMIT,       /* of size, number, depth or effort */
	CAUSE_TIME,        /* the time limit */
	CAUSE_MEMORY,
	CAUSE_UNREADABLE,  /* the operating system refused, or its content is lost */
};

struct note {
	enum note_severity severity;
	enum note_missing missing;
	enum note_cause cause; /* where something is missing */
	uint64_t amount;     /* how much is missing, or NOTE_NO_AMOUNT */
	int64_t volume, file; /* rows of the evidence that it is about, numbered as the job numbers them; 0 for none */
	struct span code;    /* "squashfs.bad-inode": part before the dot is the module */
	struct span message;
	struct span path;    /* file or volume it is about; empty where unknown */
	uint64_t offset;     /* byte in it, or NOTE_NO_OFFSET */
	struct note *next;
};

struct notes {
	struct arena *arena;
	struct note *first, *last;
	struct span path; /* given to every note that is added, with the two below */
	int64_t volume, file;
	size_t count;
	size_t ceiling;   /* further notes are counted and dropped */
	size_t dropped;
	size_t dropped_missing; /* those of them that said that something was not read */
};

void notes_init(struct notes *notes, struct arena *arena);
/* What the notes that are added from now on are about. */
void notes_about(struct notes *notes, struct span path, int64_t volume, int64_t file);
/*
 * Gives the notes behind one (NULL: all) to a volume that had no number when they were added. True where one of them says
 * that something was not read.
 */
bool notes_belong(struct notes *notes, const struct note *behind, int64_t volume);
/* Adds a note; the message is a printf format. Drops it silently past the ceiling or without memory. */
void notes_add(struct notes *notes, enum note_severity severity, const char *code, uint64_t offset,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));
/*
 * As notes_add(), of something that was not read: it becomes a row of the table `incomplete` too, and nothing is
 * shown about what it belongs to. amount is in the unit of `missing`, NOTE_NO_AMOUNT where it is not known.
 * The same words about the same byte of the same file are kept once, with the largest of their amounts: several readers
 * come upon one limit.
 */
void notes_incomplete(struct notes *notes, enum note_missing missing, enum note_cause cause, const char *code,
		      uint64_t offset, uint64_t amount, const char *format, ...)
	__attribute__((format(printf, 7, 8)));
/* "content", "entries", …; "damaged", "unsupported", …: as the evidence has them. */
const char *note_missing_name(enum note_missing missing);
const char *note_cause_name(enum note_cause cause);
/* Why something was not read whole, as far as the outcome of reading tells. */
enum note_cause note_cause_of(enum outcome outcome);

#endif
