/* What the configuration of the image's kernel leaves out. */
#ifndef ASSAY_VULN_KERNEL_CONFIG_H
#define ASSAY_VULN_KERNEL_CONFIG_H

#include <sqlite3.h>

#include "base/arena.h"

enum { KERNEL_CONFIG_OPTIONS_MAX = 256 };

struct kernel_config {
	sqlite3 *database;
	bool complete; /* whole configurations are known, of every kernel that shows one */
	struct {
		struct span name;
		bool off;
	} asked[KERNEL_CONFIG_OPTIONS_MAX];
	size_t count;
};

/* Looks at the kernel_option rows of the evidence. */
void kernel_config_init(struct kernel_config *config, sqlite3 *evidence);
/* True where every one of the options ("BTRFS_FS XFS_FS") is surely off. */
bool kernel_config_leaves_out(struct kernel_config *config, struct span options, struct arena *arena);

#endif
