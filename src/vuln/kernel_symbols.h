/* Which functions show that a source file of Linux was built: data/kernel/symbols.tsv. */
#ifndef ASSAY_VULN_KERNEL_SYMBOLS_H
#define ASSAY_VULN_KERNEL_SYMBOLS_H

#include "base/arena.h"

/* Of one source file; the spans are of the program. Lists are words between blanks. */
struct kernel_symbols {
	struct span folder;  /* "fs/btrfs/" */
	struct span file;    /* "inode.c" */
	struct span first, last; /* versions between which the absence of proofs proves; empty: none does */
	struct span proofs;  /* functions that no compiler leaves out */
	struct span others;  /* functions that show it where they are there */
	struct span prefix;  /* "btrfs_": kernels before `first` without a function of that prefix have nothing of it; may be empty */
	struct span modules; /* modules that it may be part of; empty where that is not known */
};

struct kernel_symbols_table {
	struct kernel_symbols *all; /* sorted by folder and file */
	size_t count;
	struct span oldest; /* version of the oldest tree that the table was made from */
};

/* Reads the table; an empty one without memory. */
struct kernel_symbols_table kernel_symbols_load(struct arena *arena);
/* The line of "fs/btrfs/inode.c"; NULL where there is none. */
const struct kernel_symbols *kernel_symbols_find(const struct kernel_symbols_table *table, struct span path);

#endif
