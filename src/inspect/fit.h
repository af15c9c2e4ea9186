/* What a FIT image (flattened image tree of U-Boot) signs and hashes. */
#ifndef ASSAY_INSPECT_FIT_H
#define ASSAY_INSPECT_FIT_H

#include "inspect/inspector.h"

/* States a boot_signature row for each image and configuration of a tree that libfdt has checked. */
void fit_state(struct inspection *file, const void *tree);

#endif
