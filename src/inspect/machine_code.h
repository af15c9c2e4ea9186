/* Tells machine code from other bytes, without knowing where it came from. */
#ifndef ASSAY_INSPECT_MACHINE_CODE_H
#define ASSAY_INSPECT_MACHINE_CODE_H

#include "base/span.h"

struct machine_code {
	const char *machine; /* as elf.machine */
	bool big_endian;     /* order of the instructions */
};

/*
 * The machine whose functions begin or end in these bytes often enough to be no chance;
 * false where there is none. A sample of large content is looked at. out may be NULL.
 */
bool machine_code_find(struct span bytes, struct machine_code *out);

#endif
