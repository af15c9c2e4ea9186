#include "base/notes.h"

#include <stdarg.h>
#include <stdio.h>

void notes_init(struct notes *notes, struct arena *arena)
{
	*notes = (struct notes){ .arena = arena, .ceiling = 200 };
}

void notes_about(struct notes *notes, struct span path, int64_t volume, int64_t file)
{
	notes->path = path;
	notes->volume = volume;
	notes->file = file;
}

bool notes_belong(struct notes *notes, const struct note *behind, int64_t volume)
{
	bool missing = false;
	for (struct note *note = behind ? behind->next : notes->first; note; note = note->next) {
		note->volume = volume;
		missing |= note->missing != MISSING_NOTHING;
	}
	return missing;
}

static void drop(struct notes *notes, const struct note *note)
{
	notes->dropped++;
	notes->dropped_missing += note->missing != MISSING_NOTHING;
}

enum { MESSAGE_SIZE = 512 };

/* Takes a note over, with its words. */
static void add(struct notes *notes, const struct note *given, const char *code, const char *message)
{
	struct note *note = notes->count < notes->ceiling ? ARENA_NEW(notes->arena, struct note, 1) : NULL;
	if (!note) {
		drop(notes, given);
		return;
	}
	*note = *given;
	note->code = arena_copy(notes->arena, span_of_text(code));
	note->message = arena_copy(notes->arena, span_of_text(message));
	note->path = notes->path;
	note->volume = notes->volume;
	note->file = notes->file;
	if (notes->last)
		notes->last->next = note;
	else
		notes->first = note;
	notes->last = note;
	notes->count++;
}

void notes_add(struct notes *notes, enum note_severity severity, const char *code, uint64_t offset,
	       const char *format, ...)
{
	const struct note note = { .severity = severity, .amount = NOTE_NO_AMOUNT, .offset = offset };
	char message[MESSAGE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	add(notes, &note, code, message);
}

/* Several readers of one file come upon the same limit, and say so in the same words. */
static struct note *find_told(const struct notes *notes, const char *code, uint64_t offset, const char *message)
{
	for (struct note *note = notes->first; note; note = note->next)
		if (note->missing != MISSING_NOTHING && note->file == notes->file && note->volume == notes->volume &&
		    note->offset == offset && span_equal_text(note->code, code) &&
		    span_equal_text(note->message, message) && span_equal(note->path, notes->path))
			return note;
	return NULL;
}

void notes_incomplete(struct notes *notes, enum note_missing missing, enum note_cause cause, const char *code,
		      uint64_t offset, uint64_t amount, const char *format, ...)
{
	const struct note note = {
		.severity = NOTE_WARNING, .missing = missing, .cause = cause, .amount = amount, .offset = offset,
	};
	char message[MESSAGE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	struct note *told = find_told(notes, code, offset, message);
	if (!told)
		add(notes, &note, code, message);
	else if (amount != NOTE_NO_AMOUNT && (told->amount == NOTE_NO_AMOUNT || told->amount < amount))
		told->amount = amount;
}

const char *note_missing_name(enum note_missing missing)
{
	static const char *const names[] = {
		[MISSING_NOTHING] = "nothing", [MISSING_CONTENT] = "content", [MISSING_ENTRIES] = "entries",
		[MISSING_STRUCTURE] = "structure", [MISSING_SEARCH] = "search", [MISSING_FACTS] = "facts",
		[MISSING_SIGHT] = "sight",
	};
	return names[missing];
}

const char *note_cause_name(enum note_cause cause)
{
	static const char *const names[] = {
		[CAUSE_DAMAGED] = "damaged", [CAUSE_UNSUPPORTED] = "unsupported", [CAUSE_ENCRYPTED] = "encrypted",
		[CAUSE_LIMIT] = "limit", [CAUSE_TIME] = "time", [CAUSE_MEMORY] = "memory",
		[CAUSE_UNREADABLE] = "unreadable",
	};
	return names[cause];
}

enum note_cause note_cause_of(enum outcome outcome)
{
	switch (outcome) {
	case UNSUPPORTED:
		return CAUSE_UNSUPPORTED;
	case OVER_BUDGET:
		return CAUSE_LIMIT;
	case NO_MEMORY:
		return CAUSE_MEMORY;
	default:
		return CAUSE_DAMAGED;
	}
}
