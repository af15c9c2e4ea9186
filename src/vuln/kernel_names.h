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
	const char *source; /* kernel_names.source: "kallsyms", "exports", "source paths", "modules", "texts" … */
	int64_t file;       /* row of the evidence that holds, or lacks, the name; 0 for none */
	int64_t offset;     /* byte in it where its table of names starts; negative for none */
};

struct kernel_names;

/* Where the versions of all kernels of the image lie. */
enum kernel_reach {
	REACH_UNKNOWN, /* one lies behind */
	REACH_WITHIN,
	REACH_BEFORE,  /* within or before, and one before */
};

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
/* How many functions of a list (words between blanks) are seen; *first tells of the first of them, if it tells of none yet. */
size_t kernel_names_count(const struct kernel_names *names, struct span list, struct kernel_shown *first);
/* Where the image's kernels lie, of versions from first to last. */
enum kernel_reach kernel_names_reach(const struct kernel_names *names, struct span first, struct span last);
/*
 * True where all functions of every kernel of the image are known, and of every module that it could load; or where those modules
 * (words between blanks) are none of its modules.
 */
bool kernel_names_complete(const struct kernel_names *names, struct span modules);
/* True where all functions of every kernel of the image are known, be it without those of modules. */
bool kernel_names_built_in(const struct kernel_names *names);
/* What it rests on that none of the list is there. */
struct kernel_shown kernel_names_lacking(const struct kernel_names *names, struct span list);
/* Whether any function begins so; absent where all functions of all kernels and modules of the image are known, and none does. */
struct kernel_shown kernel_names_beginning(const struct kernel_names *names, struct span beginning);
/* The files that names may tell of, one after the other: folder ("fs/btrfs/") and file ("inode.c"). False behind the last. */
bool kernel_names_file(const struct kernel_names *names, size_t index, struct span *folder, struct span *file);
/* Whether all modules that a kernel of the image could load are among the files that were read. */
bool kernel_names_modules_known(sqlite3 *evidence);
/* Whether the file system that a kernel mounts in the end is in the image, and not only an initramfs that mounts it. */
bool kernel_names_mounted(sqlite3 *evidence);
/* The same of texts, parted by tabs, in place of functions of the kernel; of its modules, functions may be told. */
size_t kernel_names_count_texts(const struct kernel_names *names, struct span texts, struct kernel_shown *first);
bool kernel_names_texts_complete(const struct kernel_names *names, bool functions, struct span modules);
bool kernel_names_texts_built_in(const struct kernel_names *names);
struct kernel_shown kernel_names_lacking_texts(const struct kernel_names *names, struct span texts);
/* Whether all marks (vuln/kernel_marks.h) and texts of all kernels are known; whether one is there; what its absence rests on. */
bool kernel_names_marks_known(const struct kernel_names *names);
bool kernel_names_has_mark(const struct kernel_names *names, struct span mark);
struct kernel_shown kernel_names_lacking_marks(const struct kernel_names *names, struct span mark);

#endif
