/* Reads texts line by line, and configuration lines as names and values. */
#ifndef ASSAY_INSPECT_LINES_H
#define ASSAY_INSPECT_LINES_H

#include "base/arena.h"
#include "base/span.h"

/* A walk over the lines of a text. */
struct lines {
	struct span text;
	size_t next;     /* offset of the next line */
	int64_t number;  /* of the line that was given last, from 1 */
	uint64_t offset; /* of the line that was given last */
};

struct lines lines_over(struct span text);
/* The next line, trimmed of blanks on both sides; false when nothing is left. */
bool lines_next(struct lines *lines, struct span *line);
/* The next line that is neither empty nor starts with '#', ';' or "//". */
bool lines_next_setting(struct lines *lines, struct span *line);

/* As lines_next_setting(), with the lines that a backslash at its end joins to it; *number is that of the first one. */
bool lines_next_joined(struct lines *lines, struct arena *arena, struct span *line, int64_t *number);

/* Splits "name = value" at the first separator of "=: \t"; quotes around the value are taken off. False without a value. */
bool setting_split(struct span line, struct span *name, struct span *value);
/* Without one pair of quotes around it. */
struct span unquoted(struct span text);

/* ASCII letters without regard to case. */
bool equal_caseless(struct span a, const char *text);
bool contains_caseless(struct span s, const char *needle);
bool equal_span_caseless(struct span a, struct span b);
bool contains_span_caseless(struct span s, struct span needle);
/* True where the span is one of the words, a list that ends with NULL. */
bool is_one_of(struct span s, const char *const *words);
/* True where the path holds the folder: path_has_folder("/usr/share/doc/a", "doc"). */
bool path_has_folder(struct span path, const char *folder);
bool path_has_folder_named(struct span path, struct span folder);

bool is_letter(uint8_t c);
bool is_digit(uint8_t c);
bool is_alnum(uint8_t c);
/* How many of its bytes are digits. */
size_t count_digits(struct span s);

#endif
