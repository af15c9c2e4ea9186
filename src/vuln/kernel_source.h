/* Which kernel option builds a source file: so that an image's configuration can show that code is absent. */
#ifndef ASSAY_VULN_KERNEL_SOURCE_H
#define ASSAY_VULN_KERNEL_SOURCE_H

#include "base/arena.h"
#include "base/span.h"

/*
 * The option without which nothing of that source file is built ("BTRFS_FS" for
 * fs/btrfs/inode.c); NULL where none is sure.
 */
const char *kernel_source_option(struct span path);
/*
 * "BTRFS_FS XFS_FS": the options that build the files ("a.c b.c"), in the arena; empty
 * where one of the files is built without any.
 */
struct span kernel_source_options(struct span files, struct arena *arena);

#endif
