/* What a command of a script fetches from a network: curl(1), wget(1), uclient-fetch, tftp, ftpget of BusyBox, nc. */
#ifndef ASSAY_INSPECT_SCRIPT_DOWNLOAD_H
#define ASSAY_INSPECT_SCRIPT_DOWNLOAD_H

#include "base/arena.h"
#include "inspect/shell.h"

struct download {
	struct span origin; /* address, or host and file; empty where it is a variable */
	struct span target; /* file that it is put into; empty where it goes to standard output, or is not told */
	int unprotected;    /* 1 or 0; -1 where not known */
};

/* False where the command fetches nothing, or from the device itself. */
bool download_of(const struct shell_command *command, struct span text, struct arena *arena, struct download *out);

#endif
