/* Tells machine code from other bytes, without knowing where it came from. */
#ifndef ASSAY_INSPECT_MACHINE_CODE_H
#define ASSAY_INSPECT_MACHINE_CODE_H

#include "base/span.h"

/*
 * Name of the machine whose functions begin or end in these bytes often enough to be no
 * chance, as elf.machine; NULL where there is none. A sample of large content is looked at.
 */
const char *machine_code_find(struct span bytes);

#endif
