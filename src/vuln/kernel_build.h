/* How the kernel of the image was built: which code is in it, as far as the image shows. */
#ifndef ASSAY_VULN_KERNEL_BUILD_H
#define ASSAY_VULN_KERNEL_BUILD_H

#include <sqlite3.h>

#include "base/arena.h"

enum kernel_code { KERNEL_CODE_UNKNOWN, KERNEL_CODE_PRESENT, KERNEL_CODE_ABSENT };

enum { KERNEL_BUILD_OPTIONS_MAX = 256, KERNEL_BUILD_MACHINES_MAX = 16 };

struct kernel_build {
	sqlite3 *database;
	bool complete; /* whole configurations are known, of every kernel that shows one */
	bool modules;  /* the machines are those of kernel modules, and so surely the kernel's */
	struct {
		struct span name;
		int64_t class;
	} machines[KERNEL_BUILD_MACHINES_MAX]; /* of the image's programs */
	size_t machine_count;
	struct {
		struct span name;
		enum kernel_code code;
	} asked[KERNEL_BUILD_OPTIONS_MAX];
	size_t count;
	struct arena *arena;
};

/* Looks at configuration, modules and programs in the evidence; the arena must outlive it. */
void kernel_build_init(struct kernel_build *build, sqlite3 *evidence, struct arena *arena);
/* What the options ("BTRFS_FS XFS_FS") say of code that is built where one of them is on. */
enum kernel_code kernel_build_code(struct kernel_build *build, struct span options);
/* True where the options name nothing but machines ("X86", "ARM ARM64"). */
bool kernel_build_is_machine(struct span options);
/* Whether the kernel runs on one of the machines ("ARM", "64-bit"). */
enum kernel_code kernel_build_machine(const struct kernel_build *build, struct span machines);
/* The machines of the image in words, "MIPS and ARM", in the arena; empty where none is known. */
struct span kernel_build_machine_words(const struct kernel_build *build);

#endif
