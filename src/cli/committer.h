/*
 * The process that puts outputs in place. It is forked before the sandbox is entered, parses nothing, and waits: told to
 * commit, it renames; when the other process ends in any way, it takes the unfinished files away and ends too.
 */
#ifndef ASSAY_CLI_COMMITTER_H
#define ASSAY_CLI_COMMITTER_H

#include "cli/output.h"

/* Forks it. A socket to it; -1 with errno set. */
int committer_start(const struct outputs *outputs);
/* Has all outputs put in place. -1 where that was done, else the number of the first that was not, with errno set. */
int committer_commit(int committer);
/* Has it take away what is unfinished, waits until it has, and closes the socket. */
void committer_end(int committer);

#endif
