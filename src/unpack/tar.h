/* Headers of tar archives, and the hard links between their entries. */
#ifndef ASSAY_UNPACK_TAR_H
#define ASSAY_UNPACK_TAR_H

#include "base/cursor.h"

enum { TAR_BLOCK = 512 };

/* One header block. Names are borrowed and end at their NUL. */
struct tar_header {
	struct span name, prefix, link;
	uint8_t type;
	uint64_t mode, uid, gid, size, mtime;
	uint64_t device_major, device_minor;
	uint64_t data; /* offset of the content */
};

/* Reads the header at the cursor; false where none with a right checksum stands there. */
bool tar_next(struct cursor *c, struct tar_header *out);
/* True of a whole block of zeros. */
bool tar_is_zero(struct span block);
/* The size that a pax header gives to the next entry; false where it gives none. */
bool tar_pax_size(struct span records, uint64_t *out);

#endif
