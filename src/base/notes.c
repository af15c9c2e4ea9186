#include "base/notes.h"

#include <stdarg.h>
#include <stdio.h>

void notes_init(struct notes *notes, struct arena *arena)
{
	*notes = (struct notes){ .arena = arena, .ceiling = 200 };
}

void notes_add(struct notes *notes, enum note_severity severity, const char *code, uint64_t offset,
	       const char *format, ...)
{
	if (notes->count >= notes->ceiling) {
		notes->dropped++;
		return;
	}
	char message[512];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);

	struct note *note = ARENA_NEW(notes->arena, struct note, 1);
	if (!note) {
		notes->dropped++;
		return;
	}
	*note = (struct note){
		.severity = severity,
		.code = arena_copy(notes->arena, span_of_text(code)),
		.message = arena_copy(notes->arena, span_of_text(message)),
		.path = notes->path,
		.offset = offset,
	};
	if (notes->last)
		notes->last->next = note;
	else
		notes->first = note;
	notes->last = note;
	notes->count++;
}
