/* Which variables of a script have the one value that an assignment gives them. */
#ifndef ASSAY_INSPECT_SHELL_SETTLED_H
#define ASSAY_INSPECT_SHELL_SETTLED_H

#include "inspect/shell.h"

/*
 * Once the script was read to its end: a variable whose name stands anywhere but in one assignment and where its value is
 * used ("unset E", "let E=1", "((E++))", "${E:=1}", "export \"E=1\"") is not taken to be set at one place only.
 */
void shell_settle(struct shell *shell);

#endif
