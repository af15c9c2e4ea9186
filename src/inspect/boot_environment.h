/* Environments of U-Boot: runs of NAME=value, each ended by a NUL, the last by two. */
#ifndef ASSAY_INSPECT_BOOT_ENVIRONMENT_H
#define ASSAY_INSPECT_BOOT_ENVIRONMENT_H

#include "inspect/inspector.h"

/* True for the part that the unpacker of stored environments gives, with its checksum verified. */
bool boot_environment_is_stored(const struct inspection *file);
void boot_environment_state_stored(struct inspection *file);

/*
 * States the compiled-in environment around a byte of one of its variables, where
 * there is one. Gives the offset after it, or the byte's own.
 */
uint64_t boot_environment_state_default(struct inspection *file, uint64_t at);

#endif
