/* How the kernel of the image was built: which code is in it, as far as the image shows. */
#ifndef ASSAY_VULN_KERNEL_BUILD_H
#define ASSAY_VULN_KERNEL_BUILD_H

#include <sqlite3.h>

#include "base/arena.h"
#include "vuln/kernel_lists.h"
#include "vuln/kernel_map.h"
#include "vuln/kernel_names.h"
#include "vuln/kernel_settings.h"
#include "vuln/kernel_signs.h"

enum kernel_code { KERNEL_CODE_UNKNOWN, KERNEL_CODE_PRESENT, KERNEL_CODE_ABSENT };

enum { KERNEL_BUILD_MACHINES_MAX = 16 };

/* What is known of an option, or of a condition, and which option that rests on. */
struct kernel_answer {
	enum kernel_code code;
	struct span option; /* that decides, or would; empty where none does */
	struct span words;  /* why: "CONFIG_BT is not set"; in the arena */
	int64_t file;       /* row of the evidence that shows it; 0 for none */
	bool seen;          /* in the kernel's own names, at this byte of the file; negative for none */
	int64_t offset;
};

struct kernel_asked;

struct kernel_build {
	sqlite3 *database;
	bool modules; /* the machines are those of kernel modules, and so surely the kernel's */
	struct {
		struct span name;
		int64_t class;
	} machines[KERNEL_BUILD_MACHINES_MAX]; /* of the image's programs */
	size_t machine_count;
	struct kernel_map map;
	struct kernel_settings settings; /* empty where the kernel contradicts them */
	struct span contradicted;        /* then why, in words */
	struct kernel_names *names; /* NULL for none */
	struct kernel_lists lists;
	struct kernel_signs signs; /* asked where no configuration tells */
	struct span version;
	struct kernel_asked *asked; /* answers that were given before; NULL without memory */
	struct arena *arena;
};

/* Fills in the machines of modules and programs. */
void kernel_machines_read(struct kernel_build *build);
/* Looks at modules and programs in the evidence; the names (NULL for none) and the arena must outlive it. */
void kernel_build_init(struct kernel_build *build, sqlite3 *evidence, struct kernel_names *names, struct arena *arena);
/* Turns to one kernel of the image: a component. The version must outlive it. */
void kernel_build_turn_to(struct kernel_build *build, int64_t component, struct span version);
/* Whether what must hold for a file to be built does. */
struct kernel_answer kernel_build_condition(struct kernel_build *build, const struct kernel_condition *condition);
/* What the options ("BTRFS_FS XFS_FS") say of code that is built where one of them is on. */
struct kernel_answer kernel_build_any(struct kernel_build *build, struct span options);
/* Whether the kernel runs on one of the machines ("ARM", "64-bit"). */
enum kernel_code kernel_build_machine(const struct kernel_build *build, struct span machines);
/* The machines of the image in words, "MIPS and ARM", in the arena; empty where none is known. */
struct span kernel_build_machine_words(const struct kernel_build *build);

#endif
