/* Words and separators of the shell language (POSIX.1-2017, Shell Command Language, 2.3). */
#ifndef ASSAY_INSPECT_SHELL_WORDS_H
#define ASSAY_INSPECT_SHELL_WORDS_H

#include "inspect/shell.h"

enum shell_token {
	SHELL_END,
	SHELL_WORD,
	SHELL_NEWLINE,
	SHELL_SEMICOLON,
	SHELL_DOUBLE_SEMICOLON,
	SHELL_AMPERSAND,
	SHELL_AND_OR, /* && or || */
	SHELL_PIPE,
	SHELL_OPEN,
	SHELL_CLOSE,
};

/* Takes the next token; *raw is the word as written. Redirections are passed over. */
enum shell_token shell_token_next(struct shell *shell, struct span *raw);
/* The word without quotes, with constants put in. */
struct span shell_word_value(struct shell *shell, struct span raw);
/* Remembers NAME=value; false where the word is no assignment. */
bool shell_assign(struct shell *shell, struct span raw);
/* Gives a variable its value; one without a value is known to be unknown. */
void shell_set(struct shell *shell, struct shell_variable variable);

#endif
