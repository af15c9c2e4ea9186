/* Standard output as people read it: its width, and the characters that it can show. */
#ifndef ASSAY_CLI_TERMINAL_H
#define ASSAY_CLI_TERMINAL_H

#include <stddef.h>

/* Columns: COLUMNS where it is set, else those of the terminal; 0 where neither is known. */
int terminal_width(void);
/* Prints a text in UTF-8; where the locale's character set is another, in plain ASCII, each character as one. */
void terminal_print(const char *text, size_t length);
/* The same, with what would steer the terminal as U+FFFD: for words that an image may have written. */
void terminal_print_shown(const char *text);

#endif
