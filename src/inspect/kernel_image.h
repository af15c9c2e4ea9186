/*
 * What a Linux kernel is. A banner alone makes none: superblocks, logs, memory that survived
 * a reset and package lists quote the banners of kernels. This is the one place that decides it.
 */
#ifndef ASSAY_INSPECT_KERNEL_IMAGE_H
#define ASSAY_INSPECT_KERNEL_IMAGE_H

#include "inspect/kernel_banner.h"

/* How the bytes come. */
enum kernel_claim {
	KERNEL_UNCLAIMED,
	KERNEL_CLAIMED, /* a container names them its kernel */
};

/*
 * True where the bytes are a kernel as it runs: a banner, and, unless their container says it,
 * what only a kernel holds. *banner is the first; it may be NULL.
 */
bool kernel_image_find(struct span bytes, enum kernel_claim claim, struct kernel_banner *banner);
/* The claim that the name of a part makes: "kernel", "kernel-1", "kernel@1". */
enum kernel_claim kernel_claim_of(struct span part_name);

#endif
