/* What decides whether a command of a script runs, kept while the script is read: the part of shell.c that knows tests. */
#ifndef ASSAY_INSPECT_SHELL_TESTS_H
#define ASSAY_INSPECT_SHELL_TESTS_H

#include "inspect/shell.h"

/* Where what follows a reserved word at an offset begins; at "!" itself, which belongs to the test. */
size_t shell_behind(const struct shell *shell, size_t offset, struct span word);
/* "if", "while" or "until" stands at an offset and has opened the block. */
void shell_test_begins(const struct shell *shell, struct shell_block *block, struct span word, uint64_t offset);
/* "then", "do", "elif" or "else" stands at an offset, within the block; which may be NULL. */
void shell_test_goes_on(const struct shell *shell, struct shell_block *block, struct span word, uint64_t offset);
/* The commands that the && or || just read joins to the next; not told where a group ended before it. */
struct shell_test shell_test_before(const struct shell *shell, bool told);
/* Puts together what decides about a command that stands where the shell is. */
void shell_tests_of(const struct shell *shell, struct shell_command *command);

#endif
