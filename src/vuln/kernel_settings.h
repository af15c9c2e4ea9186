/* What the configurations that the image shows of a kernel say of its options: its own (IKCONFIG) and /boot/config-* alike. */
#ifndef ASSAY_VULN_KERNEL_SETTINGS_H
#define ASSAY_VULN_KERNEL_SETTINGS_H

#include <sqlite3.h>

#include "base/arena.h"

enum { KERNEL_SETTINGS_FILES_MAX = 16 };

struct kernel_setting {
	struct span name; /* without CONFIG_ */
	struct span value;
	int64_t file;
};

struct kernel_settings {
	struct kernel_setting *all; /* sorted by name */
	size_t count, capacity;
	size_t files;  /* whole configurations; of two that belong to no kernel in particular, each must say the same */
	int64_t file;  /* the first of them */
	bool complete; /* there is a whole configuration: what it does not name is off, where the kernel knows the name */
};

/* What is said of one option, by as many configurations. */
struct kernel_said {
	size_t on, off, silent;
	int64_t file; /* a row of the evidence that says so; 0 for none */
	struct span value;
};

/*
 * Reads those of the kernel that is a component: the configuration in its own file, or whose head or else name has its version;
 * else all that belong to no other one. Where the image has kernels of several releases of the version, nothing is said unless
 * there is one of each. The arena must outlive it. Without memory, nothing is said.
 */
void kernel_settings_read(struct kernel_settings *settings, sqlite3 *evidence, int64_t component, struct span version,
			  struct arena *arena);
/* Of "BTRFS_FS". Lines that were guessed from a kernel's strings count only where they turn it on. */
struct kernel_said kernel_settings_ask(const struct kernel_settings *settings, struct span option);

#endif
