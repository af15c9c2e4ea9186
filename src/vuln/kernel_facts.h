/*
 * Our own facts about Linux (data/vulnerabilities/kernel-facts.tsv): with which version a
 * fault begins, and what must be there for it, where the feeds do not say so. Fields are
 * parted by tabs, '-' stands for what is not said:
 *     CVE  first  ranges  machines  options  why
 * first is the first version with the fault; ranges (vuln/range.h) hold all versions with it,
 * stable branches included; machines are those of table `elf`, or "64-bit"; options are kernel
 * options, one of which must be on, or source files, one of which must be built; why is the reason for first, in words.
 *
 * And in which code a fault is of which no feed names source files (data/vulnerabilities/kernel-files.tsv, sorted):
 *     CVE  code
 * code, parted by blanks, are source files ("fs/aio.c") or options ("KVM"), one of which must be built, or beginnings of
 * functions ("aufs_*") of code that is not upstream's, without any of which it is not there.
 */
#ifndef ASSAY_VULN_KERNEL_FACTS_H
#define ASSAY_VULN_KERNEL_FACTS_H

#include "base/span.h"

enum { KERNEL_FACTS_MAX = 128 };

/* Spans point into the program's own data. */
struct kernel_fact {
	int64_t id;
	struct span first, ranges, machines, options, why;
};

struct kernel_facts {
	struct kernel_fact all[KERNEL_FACTS_MAX];
	size_t count;
};

void kernel_facts_read(struct kernel_facts *out);
/* NULL where nothing is said about it. */
const struct kernel_fact *kernel_facts_find(const struct kernel_facts *facts, int64_t id);
/* The code with the fault, as kernel-files.tsv has it; empty where nothing is said. */
struct span kernel_facts_code(int64_t id);

#endif
