/* Which kernel option builds a source file: so that an image's configuration can show that code is absent. */
#ifndef ASSAY_VULN_KERNEL_SOURCE_H
#define ASSAY_VULN_KERNEL_SOURCE_H

#include "base/span.h"

/*
 * The option without which nothing of that source file is built ("BTRFS_FS" for
 * fs/btrfs/inode.c); NULL where none is sure.
 */
const char *kernel_source_option(struct span path);

#endif
