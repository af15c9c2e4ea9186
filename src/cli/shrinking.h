/*
 * Mapped inputs that another program cuts short. Touching bytes that the file has lost raises SIGBUS; a handler puts
 * zeros in their place, so that the work goes on to its end, where file_view_changed() sees what happened.
 */
#ifndef ASSAY_CLI_SHRINKING_H
#define ASSAY_CLI_SHRINKING_H

#include <stddef.h>

/* Guards the bytes of a mapping for the rest of the program. */
void shrinking_guard(const void *bytes, size_t size);

#endif
