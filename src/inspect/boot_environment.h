/* Environments of U-Boot: runs of NAME=value, each ended by a NUL, the last by two. */
#ifndef ASSAY_INSPECT_BOOT_ENVIRONMENT_H
#define ASSAY_INSPECT_BOOT_ENVIRONMENT_H

#include "inspect/inspector.h"

/* True for the part that the unpacker of stored environments gives, with its checksum verified. */
bool boot_environment_is_stored(const struct inspection *file);
void boot_environment_state_stored(struct inspection *file);

/*
 * States the environment around a byte of one of its variables: a stored one wherever
 * its checksum holds, one that is compiled in only in code. Gives the offset after it,
 * or the byte's own where there is none.
 */
uint64_t boot_environment_state_found(struct inspection *file, uint64_t at, bool in_code);

#endif
