/* The banner of a Linux kernel, taken apart. */
#ifndef ASSAY_INSPECT_KERNEL_BANNER_H
#define ASSAY_INSPECT_KERNEL_BANNER_H

#include "base/span.h"

struct kernel_banner {
	struct span text;     /* all of it */
	struct span release;  /* "4.14.63-openwrt" */
	struct span version;  /* "4.14.63" */
	struct span compiler; /* empty where not given */
	struct span build;    /* "#1 SMP PREEMPT Tue Nov 14 14:21:44 CST 2017" */
	struct span built;    /* the date in it; empty where there is none */
};

/*
 * Reads a banner whose "Linux version" stands at the offset. False for its printk
 * format and for anything that does not have a release, a builder and a compiler.
 */
bool kernel_banner_read(struct span bytes, uint64_t offset, struct kernel_banner *out);

/* The upstream version at the start of a release: numbers, and a release candidate's number. */
struct span kernel_upstream_version(struct span release);

#endif
