/* U-Boot's stored environment, as the unpacker carves it and the inspector of boot loaders finds it. */
#ifndef ASSAY_UNPACK_UBOOT_ENVIRONMENT_H
#define ASSAY_UNPACK_UBOOT_ENVIRONMENT_H

#include "base/span.h"

struct uboot_environment {
	size_t header;     /* bytes before the first variable: 4, or 5 with a flag */
	size_t text_size;  /* of the variables, each with its NUL */
	size_t size;       /* of the whole block that the checksum covers, its header included */
	uint32_t variables;
	size_t effort;     /* bytes that were gone over */
};

/* True where an environment begins with the first byte, which is its checksum's, and the checksum holds. */
bool uboot_environment_read(struct span bytes, struct uboot_environment *out);
/*
 * Finds the stored environment that a byte of one of its variables belongs to, and where it
 * begins; not before `least`. out->effort is set in any case.
 */
bool uboot_environment_around(struct span bytes, uint64_t at, uint64_t least, uint64_t *start,
			      struct uboot_environment *out);

#endif
