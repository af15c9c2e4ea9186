/*
 * Which source file of Linux is built under which options, in which versions: data/kernel, which tools/make-kernel-map writes
 * from the Kbuild and Kconfig files of several versions. files.tsv begins with the line "versions 4.4 4.15 …" of those
 * that were read. A folder ("fs/btrfs/") is a line, and below it follow those of what is in it, parted by tabs:
 *     (nothing)  condition  names  first-last
 * Names are those of files, without ".c"; "." is the folder itself, whose condition holds for all that is below it, and
 * "*.h" any header in it that no other row names. The versions are there where a name has different conditions in different
 * ones, or came after the first, or went before the last. A condition has alternatives ("A&B|C"), each of which asks for
 * options that are on, off ("!A") or for what was not understood ("?"); '-' asks for nothing; with '=' before it the folders
 * above do not matter. A header that is not listed is not known. options.tsv:
 *     option  kind  first  last  machines  needs  modules
 * kind is 'm' where it can be a module in all of the sources that have it, 's' where it can in some of them (distributions
 * patch theirs, too), else 'y'; first and last are the versions that have it, '-' where it is the first or the last that was
 * read; it can be on only on the machines (each an option itself), and only together with all that it needs;
 * modules are those that it alone builds, '=' for the one of its own name in small letters; '?' behind one that not all versions
 * build with it. Fields at the end may be missing.
 */
#ifndef ASSAY_VULN_KERNEL_MAP_H
#define ASSAY_VULN_KERNEL_MAP_H

#include "base/arena.h"
#include "base/span.h"

enum { KERNEL_MAP_LEVELS_MAX = 16 };

struct kernel_map {
	struct span *folders; /* sorted: each from its line to the next folder's, in the program's own data */
	size_t folder_count;
	struct span versions, options;
};

/* A condition that a version has; where it lies between two versions that were read, what holds in both is sure. */
struct kernel_level {
	struct span condition, other; /* the same where there is one */
};

/* What must hold for a file to be built, all of it; known is false where the file itself is not in the map. */
struct kernel_condition {
	struct kernel_level levels[KERNEL_MAP_LEVELS_MAX];
	size_t count;
	bool known;
	bool elsewhere; /* the version has no such file, but others have: what is in it was in others, or is */
};

struct kernel_option_row {
	struct span name, machines, needs, modules; /* parted by blanks; empty for none */
	bool tristate; /* it can be a module in every version */
	bool built_in; /* it can be one in none */
	bool exists; /* surely in the version that was asked for, under this name */
};

/* False without memory; then nothing is in the map. */
bool kernel_map_read(struct kernel_map *map, struct arena *arena);
/*
 * Of a path as the kernel's tree names it, "fs/btrfs/inode.c", in a version of the kernel, "5.10.14". Of a folder,
 * "net/sctp/": what most of its files ask for.
 */
void kernel_map_condition(const struct kernel_map *map, struct span path, struct span version,
			  struct kernel_condition *out);
/* False where the map does not have the option ("BTRFS_FS"). */
bool kernel_map_option(const struct kernel_map *map, struct span name, struct span version,
		       struct kernel_option_row *out);

#endif
