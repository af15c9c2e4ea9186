/*
 * Gives up what parsing does not need: the file system (Landlock), the network,
 * other processes and exec (seccomp). Entered before the first byte of an image is
 * parsed, after all inputs and outputs have been opened.
 */
#ifndef ASSAY_BASE_SANDBOX_H
#define ASSAY_BASE_SANDBOX_H

#include <stdbool.h>

struct sandbox_plan {
	const int *readable_directories; /* folders that may be read below (unpacked root file systems) */
	unsigned readable_count;
};

struct sandbox_state {
	bool filesystem; /* Landlock holds */
	bool calls;      /* seccomp holds */
};

/*
 * Enters it for good, for this process and its later threads. Says what holds: older
 * kernels lack parts. Without Landlock a readable directory cannot be told from the
 * rest of the file system; where no directory is to be read, seccomp alone refuses to open.
 */
struct sandbox_state sandbox_enter(const struct sandbox_plan *plan);
/* What does not hold, in words (static); NULL where all does, and where the build left the sandbox out. */
const char *sandbox_missing(struct sandbox_state state);

#endif
