/* Android's security bulletins: what a fault concerns, and the patch level that mends it. */
#ifndef ASSAY_VULN_ANDROID_BULLETIN_H
#define ASSAY_VULN_ANDROID_BULLETIN_H

#include "base/span.h"

/* The store's product of the platform itself, which every device has; the others are android/kernel and android/MAKER. */
#define ANDROID_PLATFORM "platform"
#define ANDROID_KERNEL "kernel"

/* True for a day as patch levels are written: "2018-03-05". */
bool android_level_valid(struct span text);
/* Whose code a section and component of a bulletin speak of: the platform, the kernel, or a maker: "qualcomm". */
const char *android_owner(struct span section, struct span component, struct span level);
/* The maker of a chip by a name of it, "msm8953"; empty where it is not known. */
struct span android_chip_maker(struct span name);

#endif
