/*
 * Whether a source file of Linux was built into the kernel of the image, seen in the kernel itself: in its table of
 * symbols, its exported names, the source paths in its messages, its modules (table kernel_names).
 */
#ifndef ASSAY_VULN_KERNEL_NAMES_H
#define ASSAY_VULN_KERNEL_NAMES_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/span.h"

enum kernel_sight {
	KERNEL_SIGHT_UNKNOWN,
	KERNEL_SIGHT_PRESENT, /* built in, or in a module of the image */
	KERNEL_SIGHT_ABSENT,  /* neither in any kernel of the image nor in a module that it could load */
};

/* What a sight rests on: a premise. */
struct kernel_shown {
	enum kernel_sight sight;
	struct span name;   /* the name that was seen, or the names that are missing ("a, b, c"); in the table or the evidence */
	const char *source; /* of kernel_names: "kallsyms", "exports", "source paths", "built in", "modules", "module symbols" */
	int64_t file;       /* row of the evidence that holds, or lacks, the name; 0 for none */
	int64_t offset;     /* byte in it where its table of names starts; negative for none */
};

struct kernel_names;

/*
 * Reads what the evidence holds of kernels' names; the arena must outlive the result, which is NULL without memory. What it
 * points at lives in the arena. Of an evidence without names, everything is unknown.
 */
struct kernel_names *kernel_names_new(sqlite3 *evidence, struct arena *arena);
/*
 * What is seen of the source file "fs/btrfs/inode.c", as the kernel's own tree names it. A header is unknown, and so is a
 * file that no name tells apart.
 */
struct kernel_shown kernel_names_shows(struct kernel_names *names, struct span path);

#endif
